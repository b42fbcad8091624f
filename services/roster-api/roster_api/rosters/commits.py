"""Writing a previewed list to the roster, and taking it back.

Three-way: the roster as it was when the list was read, the list, the roster as it is now. Whoever was changed since by
somebody else, in what the list changes, is named and not overwritten.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from commune_service import clock
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.audit.changes import changes_of
from roster_api.errors import ConflictError
from roster_api.rosters import repository
from roster_api.rosters.differences import OFF_ROSTER, ON_ROSTER
from roster_api.rosters.identity import Known
from roster_api.rosters.models import RosterUpload, RowStatus, UploadStatus
from roster_api.rosters.previews import ERRORS_SHOWN
from roster_api.rosters.repository import Newcomer, PlannedRow
from roster_api.rosters.schemas import CommitUpload
from roster_api.volunteers import bulk

log = structlog.get_logger(__name__)
PEOPLE = "volunteers"
NEWCOMER = UUID(int=0)
"""Stands for whoever has no id yet."""
Report = Callable[[int], None]


@dataclass
class _Roster:
    """The school's people as they are now, changed along with what is written."""

    known: dict[UUID, Known]
    codes: dict[str, UUID] = field(default_factory=dict)
    phones: dict[str, UUID] = field(default_factory=dict)
    """Of active people."""

    def __post_init__(self) -> None:
        for one in self.known.values():
            self.enter(one.id, one.values | {"status": one.status})

    def enter(self, volunteer_id: UUID, values: dict[str, Any]) -> None:
        if values["external_ref"]:
            self.codes[values["external_ref"]] = volunteer_id
        if values["phone"] and values["status"] == ON_ROSTER:
            self.phones[values["phone"]] = volunteer_id

    def leave(self, volunteer_id: UUID, values: dict[str, Any]) -> None:
        for index, value in ((self.codes, values["external_ref"]), (self.phones, values["phone"])):
            if value and index.get(value) == volunteer_id:
                del index[value]

    def is_taken(self, values: dict[str, Any]) -> bool:
        """Somebody has this code, or (being active) this phone."""
        code, phone = values["external_ref"], values["phone"]
        return bool(code and code in self.codes) or bool(phone and phone in self.phones)

    def holder(self, values: dict[str, Any], *, besides: UUID | None) -> UUID | None:
        """Who else has this code, or (being active) this phone."""
        holders = [self.codes.get(values["external_ref"] or ""), self.phones.get(values["phone"] or "")]
        return next((one for one in holders if one is not None and one != besides), None)


@dataclass
class _Writing:
    """One commit under way."""

    session: AsyncSession
    upload: RosterUpload
    roster: _Roster
    say: Report
    undo: dict[str, Any] = field(default_factory=lambda: {"created": [], "before": {}})
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    """(position, name) of newcomers who are somebody else's by now."""
    done: int = 0

    async def change(self, rows: Sequence[PlannedRow]) -> None:
        """Changed and missing people, whom nobody else changed since."""
        planned: dict[UUID, tuple[PlannedRow, dict[str, Any]]] = {}
        for row in rows:
            one = self.roster.known.get(row.volunteer_id) if row.volunteer_id else None
            changes = {"status": [ON_ROSTER, OFF_ROSTER]} if row.status == RowStatus.MISSING.value else row.changes
            if one is None or _was_changed_since(row, one, changes):
                await self._refuse(row.position, row.shown_name)
                continue
            before = one.values | {"status": one.status}
            planned[one.id] = (row, {name: after for name, (_, after) in changes.items() if before[name] != after})
            self.roster.leave(one.id, before)
        await self._write_changes(planned)
        self._count(len(rows))

    async def _write_changes(self, planned: dict[UUID, tuple[PlannedRow, dict[str, Any]]]) -> None:
        written: dict[UUID, dict[str, Any]] = {}
        noted = changes_of(self.session)
        for volunteer_id, (row, values) in planned.items():
            one = self.roster.known[volunteer_id]
            before = one.values | {"status": one.status}
            if self.roster.holder(before | values, besides=volunteer_id) is not None:
                self.roster.enter(volunteer_id, before)
                await self._refuse(row.position, row.shown_name)
                continue
            self.roster.enter(volunteer_id, before | values)
            if values:
                written[volunteer_id] = values
                self.undo["before"][str(volunteer_id)] = {name: before[name] for name in values}
                noted.note_values(PEOPLE, volunteer_id, "update", {n: (before[n], v) for n, v in values.items()})
        await bulk.give_up_codes(self.session, [key for key, values in written.items() if "external_ref" in values])
        await bulk.change_people(self.session, written)

    async def add(self) -> None:
        """New people, whose code and phone nobody got meanwhile. Some are stored while the next are sealed."""
        storing: asyncio.Future[None] | None = None
        try:
            rows = await repository.list_newcomers(self.session, upload_id=self.upload.id, after=-1)
            while rows:
                sealed = await asyncio.to_thread(self._seal, rows)
                if storing is not None:
                    await storing
                self._count(len(rows))
                rows = await repository.list_newcomers(self.session, upload_id=self.upload.id, after=rows[-1].position)
                storing = asyncio.ensure_future(bulk.store_people(self.session, sealed)) if sealed else None
        finally:
            if storing is not None:
                await storing
        for position, shown_name in self.refused:
            await self._refuse(position, shown_name)

    def _seal(self, rows: Sequence[Newcomer]) -> bulk.SealedPeople | None:
        """Those of them whom nobody else is by now, noted and as they will be stored."""
        people: list[dict[str, Any]] = []
        for row in rows:
            person = row.open()
            if self.roster.is_taken(person):
                self.refused.append((row.position, row.shown_name))
                continue
            self.roster.enter(NEWCOMER, person)
            person.pop("year", None)  # not of the roster
            people.append(person)
        if not people:
            return None
        sealed = bulk.seal_people(school_id=self.upload.school_id, people=people)
        self.undo["created"] += sealed.ids
        noted, shown = changes_of(self.session), 0
        while shown < len(people) and not noted.is_full:
            fields = {name: (None, value) for name, value in people[shown].items()}
            noted.note_values(PEOPLE, sealed.ids[shown], "create", fields)
            shown += 1
        if sealed.ids[shown:]:
            noted.note_many(PEOPLE, sealed.ids[shown:], "create")
        return sealed

    async def _refuse(self, position: int, shown_name: str) -> None:
        finding = _changed_since(shown_name)
        self.conflicts.append(finding)
        await repository.mark_conflict(self.session, upload_id=self.upload.id, position=position, finding=finding)

    def _count(self, rows: int) -> None:
        self.done += rows
        self.say(self.done)


@dataclass(frozen=True)
class Written:
    """What taking it back needs, and who was not written."""

    undo: dict[str, Any]
    conflicts: list[dict[str, Any]]


async def write_people(session: AsyncSession, upload: RosterUpload, *, say: Report = lambda _: None) -> Written:
    """Writes the good rows as `commit_asked` says. The caller has locked the school; `say` hears how many are done."""
    asked = CommitUpload.model_validate(upload.commit_asked or {})
    known = await repository.list_known(session, school_id=upload.school_id, for_update=True)
    writing = _Writing(session, upload, _Roster({one.id: one for one in known}), say)
    concerned = [RowStatus.CHANGED, *([RowStatus.MISSING] if asked.remove_missing else [])]
    # All at once: of two people who change codes with each other, both give theirs up before either takes one.
    await writing.change(await repository.list_planned(session, upload_id=upload.id, statuses=concerned))
    await writing.add()
    return Written(writing.undo, writing.conflicts)


async def settle(session: AsyncSession, upload: RosterUpload, written: Written) -> None:
    """The upload is committed, in the transaction that wrote its people."""
    upload.undo = written.undo
    upload.roster_left = await bulk.fingerprint(session, school_id=upload.school_id)
    upload.counts = (upload.counts or {}) | {RowStatus.CONFLICT.value: len(written.conflicts)}
    upload.errors = [*upload.errors, *written.conflicts][-ERRORS_SHOWN:]
    upload.status, upload.committed_at, upload.stage = UploadStatus.COMMITTED.value, clock.now(), None
    await session.flush()
    log.info("roster.committed", upload_id=str(upload.id), school_id=str(upload.school_id), **upload.counts)


def _was_changed_since(row: PlannedRow, one: Known, changes: dict[str, list[Any]]) -> bool:
    """In what the list changes, or by the person's own word on it. Missing people: in anything."""
    if row.status == RowStatus.MISSING.value and row.seen_version not in (None, one.row_version):
        return True
    now = one.values | {"status": one.status}
    return any(
        now[name] not in (before, after) or name in now["own_words"] for name, (before, after) in changes.items()
    )


def _changed_since(shown_name: str) -> dict[str, Any]:
    """The finding of a row that is not written."""
    return {
        "severity": "error", "code": "roster.changed_since", "sheet": "", "row": 0, "column": "", "cell": "",
        "found": shown_name,
        "vi": f"{shown_name}: người khác đã sửa hoặc thêm (cùng mã số hay số điện thoại) sau khi danh sách được "
        "đọc; dòng này không được ghi.",
        "en": f"{shown_name}: changed, or added with this code or phone, by somebody else since the list was read; "
        "this row was not written.",
        "mend_vi": "Xem lại người này trong danh sách của trường, rồi gửi lại tệp nếu cần.",
        "mend_en": "Look at this person on the school's roster, then send the file again if need be.",
    }  # fmt: skip


async def revert(session: AsyncSession, undo: dict[str, Any], known: Sequence[Known]) -> None:
    """The roster as it was; 409 when someone who came with the list is already named in a decision or a plan."""
    try:
        async with session.begin_nested():
            await bulk.remove_people(session, [UUID(key) for key in undo["created"]])
    except IntegrityError as in_use:
        raise ConflictError(
            "roster.undo_in_use",
            vi="Không hoàn tác được: có người trong danh sách này đã được phân công, được mời khai hoặc được nêu trong"
            " quyết định.",
            en="It cannot be undone: someone of this list is already placed, invited, or named in a decision.",
        ) from in_use
    now = {one.id: one.values | {"status": one.status} for one in known}
    before = {UUID(key): values for key, values in undo["before"].items()}
    noted = changes_of(session)
    for key in undo["created"]:
        noted.note_values(PEOPLE, UUID(key), "delete", {})
    for key, values in before.items():
        noted.note_values(PEOPLE, key, "update", {name: (now[key][name], value) for name, value in values.items()})
    await bulk.give_up_codes(session, [key for key, values in before.items() if "external_ref" in values])
    await bulk.change_people(session, before)
