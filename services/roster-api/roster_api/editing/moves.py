"""The edits, one after the other, on a board. Pure. What makes no sense is refused here; rules are the judge's."""

from collections.abc import Sequence
from uuid import UUID

from roster_api.editing.board import Board, Place
from roster_api.editing.facts import Facts, Forbidden
from roster_api.editing.filling import fill_commune
from roster_api.editing.schemas import (
    Edit,
    GivePlace,
    MoveCommune,
    MovePerson,
    SendHome,
    SetWeekdays,
    SwapCommunes,
    SwapPeople,
)
from roster_api.editing.work import assign_work, choose_weekdays, settle_commune


class EditRefused(Exception):  # noqa: N818 - an answer, not a fault
    """The edit makes no sense on this plan; `vi`, `en` say why."""

    def __init__(self, code: str, *, vi: str, en: str) -> None:
        super().__init__(en)
        self.code, self.vi, self.en = code, vi, en


class Moves:
    """One request's edits. `board` is changed in place; `named` are the people whom an edit names."""

    def __init__(self, board: Board, facts: Facts, forbidden: Forbidden) -> None:
        self.board = board
        self.facts = facts
        self._forbidden = forbidden
        self.named: set[str] = set()
        self._touched: set[str] = set()

    def apply(self, edits: Sequence[Edit]) -> None:
        """EditRefused with `index` set where one makes no sense."""
        for index, edit in enumerate(edits):
            self._touched = set()
            try:
                self._apply(edit)
            except EditRefused as refused:
                refused.add_note(str(index))
                raise
            for commune in sorted(self._touched):
                settle_commune(self.board, self.facts, commune)

    def _apply(self, edit: Edit) -> None:
        match edit:
            case MovePerson():
                self._move_person(edit)
            case SendHome():
                for person in self._group(edit.volunteer_id, whole_team=edit.whole_team, placed=True):
                    self._leave(person)
            case SwapPeople():
                self._swap_people(edit)
            case GivePlace():
                self._give_place(edit)
            case SetWeekdays():
                person = self._get_placed(edit.volunteer_id)
                self._come(person, self.board.places[person].commune, tuple(sorted(set(edit.weekdays))))
            case MoveCommune():
                self._move_commune(edit)
            case SwapCommunes():
                self._swap_communes(edit)

    def _move_person(self, edit: MovePerson) -> None:
        self._refuse_unknown_commune(edit.commune_code)
        for person in self._group(edit.volunteer_id, whole_team=edit.whole_team, placed=False):
            before = self.board.places.get(person)
            weekdays = tuple(sorted(set(edit.weekdays))) if edit.weekdays and person == str(edit.volunteer_id) else None
            self._come(person, edit.commune_code, weekdays or (before.weekdays if before else None))

    def _swap_people(self, edit: SwapPeople) -> None:
        one, other = self._get_placed(edit.volunteer_id), self._get_placed(edit.other_id)
        places = {person: self.board.places[person] for person in (one, other)}
        if places[one].commune == places[other].commune:
            raise EditRefused(
                "edit.same_commune", vi="Hai người đang ở cùng một xã.", en="Both serve the same commune already."
            )
        for person in (one, other):
            self._leave(person)
        self._come(one, places[other].commune, places[one].weekdays)
        self._come(other, places[one].commune, places[other].weekdays)

    def _give_place(self, edit: GivePlace) -> None:
        leaver, person = self._get_placed(edit.leaver_id), self._get(edit.volunteer_id)
        if person in self.board.places:
            raise EditRefused(
                "edit.placed",
                vi="Người được giao chỗ đang phục vụ ở một xã. Hãy chọn “Đổi hai người” hoặc “Chuyển người”.",
                en="Who is to take the place serves a commune already. Use swap_people or move_person.",
            )
        place = self.board.places[leaver]
        self._leave(leaver)
        shared = tuple(day for day in place.weekdays if day in self.facts.free[person])
        shared = shared[: self.facts.people[person].max_days]
        self._come(person, place.commune, tuple(sorted(set(edit.weekdays))) if edit.weekdays else shared or None)

    def _move_commune(self, edit: MoveCommune) -> None:
        commune, school = edit.commune_code, edit.school_code
        self._refuse_unknown_commune(commune)
        if school not in self.facts.schools:
            raise EditRefused(
                "school.unknown",
                vi=f"Trường {school} không có trong lần chạy của phương án này.",
                en=f"School {school} takes no part in this plan's run.",
            )
        before = self.board.leads.get(commune)
        if before == school:
            raise EditRefused("edit.no_change", vi="Trường này đang phụ trách xã.", en="That school leads it already.")
        self._lead(commune, school)
        if before is not None and edit.people == "stay":
            self.board.supports.add((commune, before))
        elif before is not None:
            for person in self.board.list_people(commune):
                if self.facts.people[person].school_code == before:
                    self._leave(person, is_named=False)
            self._hand_over(commune, before, school)
            fill_commune(self.board, self.facts, self._forbidden, commune=commune, school=school)
        self._touched.add(commune)

    def _swap_communes(self, edit: SwapCommunes) -> None:
        one, other = edit.commune_code, edit.other_code
        leads = self.board.leads
        for commune in (one, other):
            self._refuse_unknown_commune(commune)
        if leads.get(one) is None or leads.get(other) is None or leads[one] == leads[other]:
            raise EditRefused(
                "edit.same_school",
                vi="Hai xã phải do hai trường khác nhau phụ trách.",
                en="Two different schools must lead the two communes.",
            )
        moving = {}
        for commune, target in ((one, other), (other, one)):
            for person in self.board.list_people(commune):
                if self.facts.people[person].school_code == leads[commune]:
                    moving[person] = (target, self.board.places[person].weekdays)
        for person in moving:
            self._leave(person, is_named=False)
        first, second = leads[one], leads[other]
        promised = self.board.promised
        kept = (promised.pop((one, first), {}), promised.pop((other, second), {}))
        self._lead(one, second)
        self._lead(other, first)
        promised[one, second] = promised.get((one, second), {}) | kept[0]
        promised[other, first] = promised.get((other, first), {}) | kept[1]
        for person, (commune, weekdays) in sorted(moving.items()):
            self._come(person, commune, weekdays, is_named=False)
        self._touched |= {one, other}

    def _hand_over(self, commune: str, before: str, school: str) -> None:
        """What the old lead promised, the new one does."""
        promised = self.board.promised
        mine = promised.get((commune, school), {})
        for field, days in promised.pop((commune, before), {}).items():
            mine = mine | {field: mine.get(field, 0) + days}
        promised[commune, school] = mine

    def _lead(self, commune: str, school: str) -> None:
        self.board.leads[commune] = school
        self.board.supports.discard((commune, school))

    def _leave(self, person: str, *, is_named: bool = True) -> None:
        place = self.board.places.pop(person)
        self._touched.add(place.commune)
        if is_named:
            self.named.add(person)

    def _come(self, person: str, commune: str, weekdays: tuple[int, ...] | None, *, is_named: bool = True) -> None:
        """To the commune; the person's school comes in as a support where it does not lead."""
        before = self.board.places.get(person)
        if before is not None:
            self._leave(person, is_named=is_named)
        school = self.facts.people[person].school_code
        if self.board.leads.get(commune) != school:
            self.board.supports.add((commune, school))
        weekdays = weekdays or choose_weekdays(self.board, self.facts, person, commune)
        work = before.work if before is not None and before.commune == commune else {}
        self.board.places[person] = Place(commune, weekdays, work)
        assign_work(self.board, self.facts, person)
        self._touched.add(commune)
        if is_named:
            self.named.add(person)

    def _group(self, volunteer_id: UUID, *, whole_team: bool, placed: bool) -> list[str]:
        person = self._get_placed(volunteer_id) if placed else self._get(volunteer_id)
        known = self.facts.people[person]
        if not whole_team or known.team is None:
            return [person]
        team = self.facts.teams[known.team, known.school_code]
        return [member for member in team if not placed or member in self.board.places]

    def _get(self, volunteer_id: UUID) -> str:
        person = str(volunteer_id)
        if person not in self.facts.people:
            raise EditRefused(
                "volunteer.not_in_run",
                vi="Người này không có trong lần chạy của phương án: vào danh sách sau đó, đã rút, hoặc được tính ở một"
                " danh sách khác. Hãy chạy lại việc ghép.",
                en="This person takes no part in the plan's run: listed since, withdrawn, or counted on another list."
                " Run the matching again.",
            )
        return person

    def _get_placed(self, volunteer_id: UUID) -> str:
        person = self._get(volunteer_id)
        if person not in self.board.places:
            raise EditRefused(
                "edit.not_placed",
                vi="Người này chưa có chỗ trong phương án.",
                en="This person has no place in the plan.",
            )
        return person

    def _refuse_unknown_commune(self, commune: str) -> None:
        if commune not in self.facts.communes:
            raise EditRefused(
                "commune.not_in_run",
                vi=f"Xã {commune} không có nhu cầu trong lần chạy của phương án này.",
                en=f"Commune {commune} declared no need in this plan's run.",
            )
