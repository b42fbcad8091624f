"""`roster-api privacy`: what people ask about their own data: list, file, carry-out, refuse, export."""

import argparse
from typing import Any
from uuid import UUID

from commune_schemas.notices import Recipient, RecipientKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.audit.changes import changes_of
from roster_api.commands.words import Act, Parsers, add_command, as_line, carry_out
from roster_api.data_requests import service
from roster_api.data_requests.export import collect
from roster_api.data_requests.models import DataRequest, RequestChannel, RequestKind, RequestState, SubjectKind
from roster_api.data_requests.page import write_everything
from roster_api.data_requests.repository import Whose
from roster_api.data_requests.schemas import DataRequestCreate, DataRequestFilter, PersonData, SubjectRequestCreate
from roster_api.data_requests.subject_erasure import recipient_of
from roster_api.data_requests.subject_export import collect_subject
from roster_api.data_requests.subjects import get_subject
from roster_api.deliveries.asking import ask_messages_of
from roster_api.paging import LIMIT_MAXIMUM, Paging
from roster_api.settings import Settings
from roster_api.volunteers.service import get_volunteer

READS = frozenset({"list"})
BY_HAND = (RequestChannel.PAPER, RequestChannel.SPOKEN, RequestChannel.EMAIL)


def add_commands(commands: Parsers) -> None:
    privacy = add_command(
        commands, "privacy", "yêu cầu về dữ liệu cá nhân", "what people ask about their own personal data"
    )
    verbs = privacy.add_subparsers(dest="verb", required=True)
    listed = add_command(
        verbs, "list", "liệt kê theo hạn trả lời, mỗi yêu cầu một dòng JSON", "list by the clock, one line of JSON each"
    )
    listed.add_argument("--state", choices=[state.value for state in RequestState], help="tình trạng · state")
    listed.add_argument("--late", action="store_true", help="chỉ những yêu cầu quá hạn · those that are late, alone")
    file = add_command(verbs, "file", "ghi nhận yêu cầu của một người", "take in what a person asked")
    _add_person(file)
    file.add_argument("--kind", choices=[kind.value for kind in RequestKind], required=True, help="loại · kind")
    file.add_argument("--channel", choices=[each.value for each in BY_HAND], default="paper", help="qua kênh · how")
    file.add_argument("--proof", required=True, help="căn cứ: số phiếu … · how it is known that it was they")
    for name, vi, en in (
        ("full-name", "họ tên đúng", "the right name"),
        ("email", "email đúng", "the right e-mail"),
        ("phone", "điện thoại đúng", "the right phone"),
        ("words", "nội dung khác", "anything else"),
    ):
        file.add_argument(f"--{name}", help=f"đính chính: {vi} · of a correction: {en}")
    done = add_command(verbs, "carry-out", "thực hiện một yêu cầu", "do what one asks")
    done.add_argument("request", type=UUID, help="yêu cầu · id of the request")
    refuse = add_command(verbs, "refuse", "từ chối một yêu cầu, có lý do", "refuse one, with the reason")
    refuse.add_argument("request", type=UUID, help="yêu cầu · id of the request")
    refuse.add_argument("--reason", required=True, help="lý do, viết cho người hỏi · in words for the person")
    export = add_command(
        verbs, "export", "in ra mọi dữ liệu về một người", "print everything that is kept about a person"
    )
    _add_person(export)
    export.add_argument("--html", action="store_true", help="bản để đọc và in · to be read and printed, not JSON")


def _add_person(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person", help="người: mã số, hoặc mã xã · id of the person, or the commune's code")
    kinds = [kind.value for kind in SubjectKind]
    parser.add_argument("--of", choices=kinds, default="volunteer", help="người đó là ai · who they are")


async def run(settings: Settings, arguments: argparse.Namespace) -> int:
    verb = arguments.verb
    act: Act = {"list": _listing, "file": _filing, "export": _exporting}.get(verb, _deciding)(settings, arguments)
    return await carry_out(settings, command=f"privacy {verb}", act=act, changes=verb not in READS)


def _listing(_settings: Settings, arguments: argparse.Namespace) -> Act:
    state = RequestState(arguments.state) if arguments.state else None
    filters = DataRequestFilter.model_validate({"state": state, "late": arguments.late or None})

    async def act(session: AsyncSession, operator: Principal) -> str:
        lines: list[str] = []
        while True:
            paging = Paging(limit=LIMIT_MAXIMUM, offset=len(lines))
            page = await service.list_requests(session, principal=operator, filters=filters, paging=paging)
            lines += [as_line(item) for item in page.items]
            if not page.items or len(lines) >= page.total:
                return "".join(lines)

    return act


def _filing(settings: Settings, arguments: argparse.Namespace) -> Act:
    async def act(session: AsyncSession, operator: Principal) -> str:
        said = {name: getattr(arguments, name) for name in ("full_name", "email", "phone", "words")}
        given = {name: text for name, text in said.items() if text is not None}
        body = {"kind": arguments.kind, "channel": arguments.channel, "proof": arguments.proof}
        body |= {"correction": given} if given else {}
        if arguments.of == SubjectKind.VOLUNTEER:
            filed = await _file_volunteers(session, operator, arguments, body, working_days=settings.data_request_days)
        else:
            filed = await service.file_for_subject(
                session, principal=operator, kind=SubjectKind(arguments.of), subject_id=arguments.person,
                asked=SubjectRequestCreate.model_validate(body), working_days=settings.data_request_days,
            )  # fmt: skip
        return as_line(await service.describe_filed(session, operator, filed))

    return act


async def _file_volunteers(
    session: AsyncSession, operator: Principal, arguments: argparse.Namespace, body: dict[str, Any], *,
    working_days: int,
) -> DataRequest:  # fmt: skip
    asked = DataRequestCreate.model_validate(body)
    person = await get_volunteer(session, principal=operator, volunteer_id=UUID(arguments.person))
    return await service.file(
        session, whose=Whose.of_volunteer(person.id), asked=asked, channel=RequestChannel(asked.channel),
        proof=asked.proof, filed_by=operator.label, working_days=working_days,
    )  # fmt: skip


def _deciding(_settings: Settings, arguments: argparse.Namespace) -> Act:
    async def act(session: AsyncSession, operator: Principal) -> str:
        if arguments.verb == "refuse":
            row = await service.refuse(
                session, principal=operator, request_id=arguments.request, reason=arguments.reason
            )
        else:
            row = await service.carry_out(session, principal=operator, request_id=arguments.request)
        return as_line(await service.describe(session, operator, row))

    return act


def _exporting(settings: Settings, arguments: argparse.Namespace) -> Act:
    async def act(session: AsyncSession, operator: Principal) -> str:
        everything = await _collect(session, operator, settings, arguments)
        changes_of(session).subjects[everything.subject_id] = None
        return write_everything(everything) if arguments.html else everything.model_dump_json(indent=1) + "\n"

    return act


async def _collect(
    session: AsyncSession, operator: Principal, settings: Settings, arguments: argparse.Namespace
) -> PersonData:
    kind = SubjectKind(arguments.of)
    if kind is not SubjectKind.VOLUNTEER:
        subject = await get_subject(session, principal=operator, kind=kind, subject_id=arguments.person)
        words = await ask_messages_of(settings, recipient=recipient_of(kind, subject.id))
        return await collect_subject(session, subject, messages=[word.as_item() for word in words])
    person = await get_volunteer(session, principal=operator, volunteer_id=UUID(arguments.person))
    recipient = Recipient(kind=RecipientKind.VOLUNTEER, id=str(person.id))
    words = await ask_messages_of(settings, recipient=recipient)
    return await collect(session, person, messages=[word.as_item() for word in words])
