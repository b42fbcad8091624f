"""The providers that carry messages, as an operator describes them: mail relays and SMS gateways, one or several.

Without a file there is one of each, from SMTP_* and SMS_*. Several share the work of their channel by their
connections; one with `standby_seconds` takes only what the others left lying for so long. An SMS gateway's request,
answer and table of codes are data, so that another gateway needs no code (examples: deploy/providers).
"""

from pathlib import Path
from string import Template
from typing import Annotated, Any, Literal, Self

from commune_service.secrets import decode_receipt_secret
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from notifier.receipt_forms import ReceiptForm

PLACES = frozenset({"to", "to_digits", "to_local", "text", "is_unicode", "sender", "reference", "kind", "key"})
"""What a gateway's request may name: the number as +84..., as 84... and as 0..., the text, '1' where it needs UCS-2,
the sender's name, our reference, the notice's kind, the account's key; and the gateway's own `values`."""

Verdict = Literal["sent", "busy", "bad_address", "content", "refused", "ours"]
"""What a code means. sent: taken. busy: not taken, try later. bad_address, content, refused: never will be. ours: our
account, key or sender; nobody's message may be lost for it."""


class Described(BaseModel):
    """Every word of it must be known: a misspelt setting is refused at the start."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Provider(Described):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    """As attempts, receipts' address and the breaker know it. It stays the same while messages of it are kept."""
    connections: int = Field(2, ge=1, le=32)
    """In every sending process: its share of the work."""
    standby_seconds: float = Field(0, ge=0, le=3600)


class MailRelay(Provider):
    host: str
    port: int = Field(25, ge=1, le=65535)
    username: str | None = None
    password: SecretStr | None = None
    tls: Literal["none", "required", "implicit"] = "required"
    """`required`: STARTTLS, or nothing is sent; `implicit`: TLS from the first byte (port 465)."""


class Request(Described):
    """One HTTP request. Strings may hold `${place}`; every other `$` is written `$$`."""

    path: Annotated[str, Field(pattern="^/")]
    headers: dict[str, str] = {}
    query: dict[str, str] = {}
    body: dict[str, Any] = {}
    encoding: Literal["json", "form"] = "json"

    def list_strings(self) -> list[str]:
        return [self.path, *self.headers.values(), *self.query.values(), *_list_strings(self.body)]


class AnswerForm(Described):
    """Where an answer's JSON has its code and its id (`data.code`), and what the codes mean.

    Without `code` the HTTP status alone decides. A code that is not in the table is not understood: the message may
    have been taken, so it is held as unknown.
    """

    code: str | None = None
    id: str = "id"
    codes: dict[str, Verdict] = {}

    @model_validator(mode="after")
    def _have_a_success(self) -> Self:
        if self.code is not None and "sent" not in self.codes.values():
            raise ValueError("`codes` names no code that means `sent`")
        return self


class FindForm(Described):
    """How the gateway is asked whether it has a reference: it has, when the list at `items` holds something."""

    request: Request
    items: str = "items"


class SmsGateway(Provider):
    url: Annotated[str, Field(pattern=r"^https?://")]
    key: SecretStr = SecretStr("")
    sender: str
    """The registered sender's name (brandname)."""
    receipt_secret: SecretStr | None = None
    """Signs its delivery receipts (Standard Webhooks); without it, or `receipts`, none is believed."""
    receipts: ReceiptForm | None = None
    """How it proves and words its receipts, where it does not sign by Standard Webhooks."""
    values: dict[str, str] = {}
    """The account's own places: a user name, a registered template's number."""
    values_by_kind: dict[str, dict[str, str]] = {}
    """Those that differ by kind of notice, such as the number a template was registered under."""
    send: Request = Request(
        path="/messages",
        headers={"Authorization": "Bearer ${key}"},
        body={"to": "${to}", "text": "${text}", "sender": "${sender}", "reference": "${reference}"},
    )
    answer: AnswerForm = AnswerForm()
    find: FindForm | None = FindForm(
        request=Request(
            path="/messages", headers={"Authorization": "Bearer ${key}"}, query={"reference": "${reference}"}
        )
    )

    @field_validator("url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("receipt_secret")
    @classmethod
    def _is_readable(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None:
            decode_receipt_secret(secret.get_secret_value())
        return secret

    @model_validator(mode="after")
    def _prove_receipts_one_way(self) -> Self:
        if self.receipts is not None and self.receipt_secret is not None:
            raise ValueError("`receipt_secret` and `receipts`: a gateway's receipts are proved one way")
        return self

    @model_validator(mode="after")
    def _name_known_places(self) -> Self:
        """A place nobody fills would send its own name to people."""
        everywhere = [set(values) for values in self.values_by_kind.values()]
        known = PLACES | set(self.values) | (set.intersection(*everywhere) if everywhere else set())
        requests = [self.send, *([self.find.request] if self.find else [])]
        for words in (words for request in requests for words in request.list_strings()):
            if not Template(words).is_valid():
                raise ValueError(f"{words!r}: a `$` that stands for itself is written `$$`")
            unknown = set(Template(words).get_identifiers()) - known
            if unknown:
                raise ValueError(f"{words!r} names {', '.join(sorted(unknown))}: neither known nor in `values`")
        return self


class Providers(Described):
    """The whole file."""

    mail_relays: Annotated[tuple[MailRelay, ...], Field(min_length=1)]
    sms_gateways: Annotated[tuple[SmsGateway, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _have_names_of_their_own(self) -> Self:
        every: list[Provider] = [*self.mail_relays, *self.sms_gateways]
        names = [provider.name for provider in every]
        if len(set(names)) < len(names):
            raise ValueError("two providers have the same name")
        for channel in (self.mail_relays, self.sms_gateways):
            if all(provider.standby_seconds for provider in channel):
                raise ValueError(f"all of {', '.join(p.name for p in channel)} stand by: one must take its share")
        return self


def read_providers(file: Path) -> Providers:
    """ValueError that names the file when it cannot be read or understood; its values are not repeated."""
    try:
        return Providers.model_validate_json(file.read_bytes())
    except OSError as error:
        raise ValueError(f"NOTIFIER_PROVIDERS_FILE: {file} cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ValueError(f"NOTIFIER_PROVIDERS_FILE: {file}: {error}") from None


def _list_strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [words for inner in value.values() for words in _list_strings(inner)]
    if isinstance(value, list):
        return [words for inner in value for words in _list_strings(inner)]
    return [value] if isinstance(value, str) else []


def fill(value: Any, places: dict[str, str]) -> Any:
    """The same shape with every place filled."""
    if isinstance(value, dict):
        return {name: fill(inner, places) for name, inner in value.items()}
    if isinstance(value, list):
        return [fill(inner, places) for inner in value]
    return Template(value).substitute(places) if isinstance(value, str) else value
