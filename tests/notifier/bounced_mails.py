"""Mails that come back, as servers write them: delivery status notifications and complaints."""

from textwrap import dedent


def status_notification(
    reference: str, *, action: str = "failed", status: str = "5.1.1", address: str = "nguyet@example.vn"
) -> bytes:
    """As Postfix writes it, with the returned mail's headers."""
    text = f"""\
        From: MAILER-DAEMON@mail.truong.example
        To: tra-lai@tinh.example
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

        --b1
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.

        --b1
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mail.truong.example
        Arrival-Date: Mon, 3 Nov 2025 08:00:00 +0700 (ICT)

        Final-Recipient: rfc822; {address}
        Original-Recipient: rfc822;{address}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; 550 {status} <{address}>: Recipient address rejected

        --b1
        Content-Type: text/rfc822-headers

        Message-ID: <{reference}>
        Subject: =?utf-8?q?Ph=C3=A2n_c=C3=B4ng?=
        To: {address}

        --b1--
        """
    return dedent(text).replace("\n", "\r\n").encode()


def complaint(reference: str, *, address: str | None = "nguyet@example.vn", kind: str = "abuse") -> bytes:
    """A mailbox provider's feedback report (ARF)."""
    to = f"Original-Rcpt-To: <{address}>\n        " if address else ""
    text = f"""\
        From: <fbl@mail.truong.example>
        To: <tra-lai@tinh.example>
        Subject: FW: abuse
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

        --b2
        Content-Type: text/plain

        This is an email abuse report.

        --b2
        Content-Type: message/feedback-report

        Feedback-Type: {kind}
        User-Agent: Feedback/1.0
        {to}Version: 1

        --b2
        Content-Type: message/rfc822

        Message-ID: <{reference}>
        Subject: x

        y

        --b2--
        """
    return dedent(text).replace("\n", "\r\n").encode()


def out_of_office(reference: str) -> bytes:
    """An answer of a person's mail program, which names our mail as well."""
    return f"From: a@b.example\r\nSubject: Vắng\r\nIn-Reply-To: <{reference}>\r\n\r\nTôi đi vắng.\r\n".encode()


def in_prose(reference: str, *, server: str, address: str = "nguyet@example.vn") -> bytes:
    """As servers write it that send no delivery status: qmail, and Exim."""
    texts = {
        "qmail": f"""\
            From: MAILER-DAEMON@mail.truong.example
            To: tra-lai@tinh.example
            Subject: failure notice

            Hi. This is the qmail-send program at mail.truong.example.
            I'm afraid I wasn't able to deliver your message to the following addresses.
            This is a permanent error; I've given up. Sorry it didn't work out.

            <{address}>:
            Sorry, no mailbox here by that name. (#5.1.1)

            --- Below this line is a copy of the message.

            Message-ID: <{reference}>
            """,
        "exim": f"""\
            From: Mail Delivery System <Mailer-Daemon@mail.truong.example>
            To: tra-lai@tinh.example
            X-Failed-Recipients: {address}
            Subject: Mail delivery failed: returning message to sender

            A message that you sent could not be delivered to one or more of its recipients.

            Message-ID: <{reference}>
            """,
    }
    return dedent(texts[server]).replace("\n", "\r\n").encode()
