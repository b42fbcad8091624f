"""The English words to volunteers, in blocks: complete by themselves, for whoever reads English."""

from commune_schemas.notices import NoticeKind

from notifier.words.blocks import MailBlocks, TextBlock

ANSWER = (
    "Please say by the button below whether you can go. Opening the page changes nothing; the buttons on it do. The"
    " link is yours alone. Your days are in the attached calendar file."
)
FAREWELL = """\
{% if cause == "cannot_go" %}We have your answer that you cannot go to {{ old_commune }}, {{ old_province }}. Your \
placement is taken off. Thank you for telling us, so that the commune does not wait for you.{% elif cause == "left" %}\
We were told that you do not take part any more, so your placement at {{ old_commune }}, {{ old_province }} is \
taken off. Thank you. If that is wrong, call your contact at the school.{% else %}You are no longer placed at \
{{ old_commune }}, {{ old_province }}. Please do not go on the days below. The plan was made anew over all communes, \
by what they need and who can come; this is no judgement of you. Thank you for being ready to help.{% endif %}

There is nothing for you to do. The attached calendar file takes the event out of your calendar."""

MAILS: dict[NoticeKind, MailBlocks] = {
    NoticeKind.PLACEMENT_ASSIGNED: MailBlocks(
        subject="Your placement at {{ commune }}: {{ weekdays }}",
        heading="Your placement at a commune",
        opening="You are asked to support {{ commune }}, {{ province }}.",
        closing=ANSWER,
    ),
    NoticeKind.PLACEMENT_CHANGED: MailBlocks(
        subject="Your placement changed: now {{ commune }}, {{ weekdays }}",
        heading="Your placement has changed",
        opening="Your placement has changed. What holds from now on stands below; before, it was {{ old_commune }},"
        " {{ old_weekdays }}, from {{ old_starts_on }} to {{ old_ends_on }}.",
        closing=ANSWER,
    ),
    NoticeKind.PLACEMENT_REMINDER: MailBlocks(
        subject="Please answer: your placement at {{ commune }}, {{ weekdays }}",
        heading="Please answer about your placement",
        opening="You have not answered yet whether you can support {{ commune }}, {{ province }}. Please do, so that"
        " the commune and your school can arrange things. Your placement is as you were told:",
        closing=ANSWER,
    ),
    NoticeKind.PLACEMENT_WITHDRAWN: MailBlocks(
        subject='{% if cause == "replanned" %}No placement at {{ old_commune }} any more{% else %}Noted: you do not go'
        " to {{ old_commune }}{% endif %}",
        heading="Your placement is taken off",
        opening=FAREWELL,
    ),
    NoticeKind.FIRST_DAY: MailBlocks(
        subject="Your first day is near: {{ commune }}, {{ starts_on }}",
        heading="Your first day at the commune is near",
        opening="You begin at {{ commune }}, {{ province }} on {{ starts_on }}. Your placement is as you were told;"
        " please look again where to go, at which hour, and whom to call.",
        closing="If you cannot go, say so at once by the button below and call your contact at the school, so that the"
        " commune does not wait for you.",
    ),
    NoticeKind.RESERVE: MailBlocks(
        subject="Thank you for volunteering; {{ school_name }} holds you in reserve",
        heading="Thank you for volunteering",
        opening="You have no placement for now. {{ school_name }} holds you in reserve until {{ ends_on }}.\n\n"
        "You come first when somebody drops out. Please go nowhere before you are told where.",
        closing="If you cannot be held in reserve, tell your contact at the school.",
    ),
    NoticeKind.INVITATION: MailBlocks(
        subject="{{ school_name }} asks which days you could support a commune",
        heading="Say which days you are free",
        opening="{{ school_name }} put your name down to support a commune. Please say by the button below which days"
        " you are free, what you can do and how far you can go, until {{ open_until }}.",
        closing="If you do not want to take part, say so on the same page. The link is yours alone.",
    ),
    NoticeKind.INVITATION_REMINDER: MailBlocks(
        subject="Reminder: {{ school_name }} asks which days you could support a commune",
        heading="Say which days you are free",
        opening="You were asked before and have not answered. {{ school_name }} put your name down to support a"
        " commune. Please say by the button below which days you are free, what you can do and how far you can go,"
        " until {{ open_until }}.",
        closing="If you do not want to take part, say so on the same page. The link is yours alone.",
    ),
}
WHERE_AND_WHEN = (
    "{{ commune }}, {{ weekdays }}, from {{ starts_on }} to {{ ends_on }}. Contact: {{ commune_contact_phone }}."
)
TEXTS: dict[NoticeKind, TextBlock] = {
    NoticeKind.PLACEMENT_ASSIGNED: TextBlock(text=f"PLACEMENT: {WHERE_AND_WHEN} Answer: {{{{ answer_url }}}}"),
    NoticeKind.PLACEMENT_CHANGED: TextBlock(
        text=f"PLACEMENT CHANGED, it is now {WHERE_AND_WHEN} Answer: {{{{ answer_url }}}}"
    ),
    NoticeKind.PLACEMENT_REMINDER: TextBlock(text=f"PLEASE ANSWER: {WHERE_AND_WHEN} {{{{ answer_url }}}}"),
    NoticeKind.PLACEMENT_WITHDRAWN: TextBlock(
        text='{% if cause == "cannot_go" %}NOTED: you cannot go to {{ old_commune }}. Your placement is taken off;'
        ' thank you for telling us.{% elif cause == "left" %}NOTED: you take no part any more and do not go to'
        " {{ old_commune }}. Thank you.{% else %}PLACEMENT TAKEN OFF: do not go to {{ old_commune }} any more; the plan"
        " was made anew. Thank you.{% endif %} Ask: {{ school_contact_phone }}"
    ),
    NoticeKind.FIRST_DAY: TextBlock(
        text="REMINDER: your first day at {{ commune }} is {{ starts_on }}, {{ hours }}. Contact:"
        " {{ commune_contact_name }} {{ commune_contact_phone }}. Cannot go? Say so: {{ answer_url }}"
    ),
    NoticeKind.RESERVE: TextBlock(
        text="THANK YOU for volunteering. You have no placement for now; {{ school_name }} holds you in reserve until"
        " {{ ends_on }}. Go nowhere before you are told where. Ask: {{ school_contact_phone }}"
    ),
    NoticeKind.INVITATION: TextBlock(
        text="{{ school_name }} put your name down to support a commune. Please say which days you are free:"
        " {{ answer_url }} (until {{ open_until }})"
    ),
    NoticeKind.INVITATION_REMINDER: TextBlock(
        text="REMINDER. {{ school_name }} put your name down to support a commune. Please say which days you are free:"
        " {{ answer_url }} (until {{ open_until }})"
    ),
}
