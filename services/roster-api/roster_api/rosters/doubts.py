"""What must be asked, or at least shown, about who a row is: told at the row's own cells as errors and warnings."""

from collections.abc import Sequence
from dataclasses import dataclass

from roster_api.rosters.decisions import LEFT_OUT, NEW, SAME_AS
from roster_api.rosters.identity import Code, Evidence, Known, Matches, compare_codes
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.findings import Finding, error, warning
from roster_api.rosters.reading.people import CellFinding, Person, RosterRow
from roster_api.text import search_key

ON_ROSTER, WITHDRAWN = "active", "withdrawn"
DUPLICATE = "duplicate."


@dataclass(frozen=True, slots=True)
class Doubt:
    """The row at `place` and whom it may be: a person of the roster, or another row. `choices`: the answers."""

    place: int
    code: str
    known: Known | None = None
    other: RosterRow | None = None
    choices: tuple[str, ...] = (SAME_AS, LEFT_OUT)


def find_doubts(rows: Sequence[RosterRow], known: Sequence[Known], matches: Matches) -> list[Doubt]:
    """Adds findings to the rows; a row with an error is no person any more, and whoever it was is no longer matched.

    What the school has decided is not asked again.
    """
    doubts = _list_duplicates(rows)
    doubts += _refuse_taken_codes(rows, known, matches)
    doubts += _refuse_taken_phones(rows, known, matches)
    for place, one in matches.known.items():
        _show_who_withdrew(rows[place], one)
        if _show_what_differs(rows[place], one, matches.evidence[place], is_decided=place in matches.decided):
            doubts.append(Doubt(place, "identity.contact_changed", one, choices=(SAME_AS, NEW)))
    doubts += _show_names_alike(rows, matches)
    for place, row in enumerate(rows):
        if row.has_errors:
            row.withheld, row.person = row.person or row.withheld, None
            matches.known.pop(place, None)
    return doubts


def _list_duplicates(rows: Sequence[RosterRow]) -> list[Doubt]:
    """Rows that say the same code, phone or e-mail as an earlier one: the reader has told of each."""
    first: dict[tuple[str, str], RosterRow] = {}
    doubts: list[Doubt] = []
    if not any(row.withheld for row in rows):
        return doubts
    for place, row in enumerate(rows):
        said = row.person or row.withheld
        if said is None:
            continue
        keys = [(kind, value.casefold()) for kind, value in _ways_to_tell(said) if value]
        codes = [item.finding.code for item in row.findings if item.finding.code.startswith(DUPLICATE)]
        earlier = next((first[key] for key in keys if key in first), None)
        if codes and earlier is not None:
            doubts.append(Doubt(place, codes[0], other=earlier, choices=(LEFT_OUT,)))
        for key in keys:
            first.setdefault(key, row)
    return doubts


def _ways_to_tell(said: Person) -> tuple[tuple[str, str | None], ...]:
    return ("code", said.external_ref), ("phone", said.phone), ("email", said.email)


def _refuse_taken_codes(rows: Sequence[RosterRow], known: Sequence[Known], matches: Matches) -> list[Doubt]:
    """A row's code is another's on the roster, and nothing else fits: one person or two, only the school knows."""
    doubts: list[Doubt] = []
    holders = {str(one.values["external_ref"]).casefold(): one for one in known if one.values["external_ref"]}
    given_up = _codes_given_up(rows, matches)
    for place, row in enumerate(rows):
        code = row.person.external_ref if row.person else None
        holder = holders.get(code.casefold()) if code else None
        if holder is None or (place in matches.known and matches.known[place].id == holder.id):
            continue
        name = holder.values["full_name"]
        if holder.id in given_up:
            _tell(row, Kind.REFERENCE, warning(
                "identity.code_moved", vi=f"Mã số “{code}” trước đây là của {name}, người nay có mã khác.",
                en=f"Code “{code}” was {name}'s, who has another code now.",
            ))  # fmt: skip
        else:
            doubts.append(Doubt(place, "identity.code_taken", holder))
            _tell(row, Kind.REFERENCE, error(
                "identity.code_taken",
                vi=f"Mã số “{code}” trong danh sách của trường là của {name}; tên, số điện thoại và email đều khác.",
                en=f"Code “{code}” is {name}'s on the school's roster; name, phone and e-mail all differ.",
                mend_vi="Nếu là người khác, sửa mã số (hoặc để trống). Nếu là cùng một người, giữ lại số điện thoại "
                "hoặc email cũ trong lần gửi này.",
                mend_en="If it is somebody else, mend the code (or leave it empty). If it is the same person, keep the "
                "old phone or e-mail address in this list.",
            ))  # fmt: skip
    return doubts


def _codes_given_up(rows: Sequence[RosterRow], matches: Matches) -> set[object]:
    """Ids of people whose row in this list gives them another code."""
    given_up = set[object]()
    for place, one in matches.known.items():
        person = rows[place].person
        is_silent = "external_ref" in rows[place].silent_about
        if person and not is_silent and compare_codes(person.external_ref, one.values["external_ref"]) is Code.DIFFER:
            given_up.add(one.id)
    return given_up


def _refuse_taken_phones(rows: Sequence[RosterRow], known: Sequence[Known], matches: Matches) -> list[Doubt]:
    """Two people of one school with one phone number: each would get the other's messages."""
    doubts: list[Doubt] = []
    holders = {one.values["phone"]: one for one in known if one.values["phone"] and one.status == ON_ROSTER}
    phones = {one.id: rows[place].person.phone for place, one in matches.known.items() if rows[place].person}  # type: ignore[union-attr]
    for place, row in enumerate(rows):
        holder = holders.get(row.person.phone) if row.person else None
        is_own = place in matches.known and holder is not None and matches.known[place].id == holder.id
        if holder is None or row.person is None or is_own:
            continue
        if phones.get(holder.id, row.person.phone) != row.person.phone:
            continue
        name = holder.values["full_name"]
        doubts.append(Doubt(place, "identity.phone_taken", holder))
        _tell(row, Kind.PHONE, error(
            "identity.phone_taken", vi=f"Số điện thoại này trong danh sách của trường là của {name}.",
            en=f"This phone number is {name}'s on the school's roster.",
            mend_vi=f"Nếu là cùng một người, ghi đúng họ tên hoặc mã số của {name}; nếu không, sửa số.",
            mend_en=f"If it is the same person, write {name}'s name or code; if somebody else, mend the number.",
        ))  # fmt: skip
    return doubts


def _show_what_differs(row: RosterRow, one: Known, evidence: Evidence, *, is_decided: bool) -> bool:
    """Whether it might be somebody else after all."""
    if row.person is None:
        return False
    before = one.values
    if evidence.code is Code.ALIKE:
        _tell(row, Kind.REFERENCE, warning(
            "identity.code_respelt",
            vi=f"Mã số viết khác lần trước (“{before['external_ref']}”); vẫn là {before['full_name']}, giữ mã cũ.",
            en=f"The code is spelt otherwise (was “{before['external_ref']}”); still {before['full_name']}, code kept.",
        ))  # fmt: skip
    elif evidence.code is Code.DIFFER:
        _tell(row, Kind.REFERENCE, warning(
            "identity.code_changed",
            vi=f"Cùng họ tên và liên lạc với {before['full_name']}; mã số đổi từ “{before['external_ref']}”.",
            en=f"Same name and contact as {before['full_name']}; the code changes from “{before['external_ref']}”.",
        ))  # fmt: skip
    if not evidence.name and not evidence.name_in_part and not is_decided:
        _tell(row, Kind.FULL_NAME, warning(
            "identity.name_changed",
            vi=f"Họ tên đổi hẳn: trước là {before['full_name']}. Hãy chắc rằng không lệch dòng.",
            en=f"The name is another: it was {before['full_name']}. Make sure that no row is shifted.",
        ))  # fmt: skip
    is_doubtful = not evidence.phone and not evidence.email and evidence.code is not Code.EQUAL and not is_decided
    if is_doubtful:
        _tell(row, Kind.PHONE, warning(
            "identity.contact_changed",
            vi=f"Được coi là {before['full_name']} đã có trong danh sách, nay đổi số điện thoại "
            f"(trước: {before['phone']}). Nếu là người khác cùng tên, hãy ghi mã số.",
            en=f"Taken for {before['full_name']} of the roster with a new phone (was {before['phone']}). If it is "
            "somebody else of the same name, write a code.",
        ))  # fmt: skip
    return is_doubtful


def _show_who_withdrew(row: RosterRow, one: Known) -> None:
    """Listed again, they stay withdrawn: whoever sends the list may think that they come back by it."""
    if one.status != WITHDRAWN or row.person is None:
        return
    name = one.values["full_name"]
    _tell(row, Kind.FULL_NAME, warning(
        "identity.withdrawn",
        vi=f"{name} đã rút; danh sách này không đưa trở lại. Nếu tham gia lại, mở trang của người này và chọn "
        "“Cho tham gia lại”.",
        en=f"{name} has withdrawn; this list does not bring them back. If they take part again, open their page and "
        "choose “Bring back”.",
    ))  # fmt: skip


def _show_names_alike(rows: Sequence[RosterRow], matches: Matches) -> list[Doubt]:
    """The same name twice in the file, or as somebody on the roster whom no row is: two people, or one told twice?"""
    left = {search_key(one.values["full_name"]): one for one in matches.left.values() if one.status == ON_ROSTER}
    first: dict[str, RosterRow] = {}
    doubts: list[Doubt] = []
    for place, row in enumerate(rows):
        if row.person is None or row.has_errors:
            continue
        name = search_key(row.person.full_name)
        earlier = first.setdefault(name, row)
        if place in matches.decided:
            continue
        if earlier is not row:
            doubts.append(Doubt(place, "identity.same_name", other=earlier, choices=(NEW, LEFT_OUT)))
            _tell(row, Kind.FULL_NAME, warning(
                "identity.same_name",
                vi=f"Trùng họ tên với dòng {earlier.row} của trang “{earlier.sheet}”; coi là hai người.",
                en=f"Same name as row {earlier.row} of sheet “{earlier.sheet}”; taken for two people.",
            ))  # fmt: skip
        elif place not in matches.known and name in left:
            code = left[name].values["external_ref"] or "không có mã"
            doubts.append(Doubt(place, "identity.same_name", left[name], choices=(SAME_AS, NEW, LEFT_OUT)))
            _tell(row, Kind.FULL_NAME, warning(
                "identity.same_name",
                vi=f"Trùng họ tên với người đã có trong danh sách của trường ({code}); coi là người mới.",
                en=f"Same name as somebody on the school's roster ({code}); taken for a new person.",
            ))  # fmt: skip
    return doubts


def _tell(row: RosterRow, kind: Kind, finding: Finding) -> None:
    column, cell = row.place(kind, Kind.FULL_NAME, Kind.GIVEN)
    found = row.shown_name
    if kind is Kind.REFERENCE and row.person:
        found = row.person.external_ref or ""
    elif kind is Kind.PHONE and row.person:
        found = row.person.phone or ""
    row.findings.append(CellFinding(finding, column=column, cell=cell, written=found))
