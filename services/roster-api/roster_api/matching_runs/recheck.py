"""What a worker hands in, held against the problem that was frozen here: its own certificate proves nothing to us.

The hard rules that the frozen problem decides by itself, by the numbers of docs/domain.md; then the documents of
the stages, by the judges of finished plans (judged_documents.py). Dates are judged where a plan is published. Pure.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from commune_schemas.matching import MatchingProblem, MatchingResult, ProblemVolunteer, ResultPlacement
from commune_schemas.problem import FieldError

from roster_api.errors import InvalidError, pointer_error
from roster_api.matching_runs.impossible import find_refuted
from roster_api.matching_runs.judged_documents import find_broken_documents

SHOWN = 20
"""Of those that are broken; a liar's list may be long."""


def find_broken(problem: MatchingProblem, result: MatchingResult) -> InvalidError | None:
    """What to answer, naming each broken rule and where, when the result keeps not to all of them."""
    broken = [*_of_responsibilities(problem, result), *_of_people(problem, result.placements)]
    broken += [_of_documents(rule, words) for rule, words in find_broken_documents(problem, result)]
    broken += [_of_documents(rule, words) for rule, words in find_refuted(problem, result)]
    if not broken:
        return None
    rules = ", ".join(sorted({error.code.removeprefix("rule.") for error in broken}))
    return InvalidError(
        "result.rule_broken",
        vi=f"Kết quả bị từ chối: vi phạm quy tắc {rules}.",
        en=f"The result is refused: it breaks {rules}.",
        errors=broken[:SHOWN],
    )


def _of_documents(rule: str, words: str) -> FieldError:
    return pointer_error("/stage_a" if rule[0] in "AR" else "/stage_b", code=f"rule.{rule}", vi=words, en=words)


def _of_responsibilities(problem: MatchingProblem, result: MatchingResult) -> Iterator[FieldError]:
    leads = Counter(row.commune_code for row in result.responsibilities if row.is_lead)
    forbidden = {(pair.commune_code, pair.school_code) for pair in problem.forbids}
    for number, row in enumerate(result.responsibilities):
        where = f"/responsibilities/{number}"
        if row.is_lead and leads[row.commune_code] > 1:
            yield _broken("R1", where, "xã có hơn một trường phụ trách", "the commune has more than one lead")
        if (row.commune_code, row.school_code) in forbidden:
            yield _broken("R2", where, "cặp xã - trường bị loại trừ", "the pair was forbidden")


def _of_people(problem: MatchingProblem, placements: Sequence[ResultPlacement]) -> Iterator[FieldError]:
    people = {person.id: person for person in problem.volunteers}
    human_of = {row: number for number, rows in enumerate(problem.humans) for row in rows}
    times = Counter(human_of.get(row.volunteer_id, row.volunteer_id) for row in placements)
    forbidden = {(row.volunteer_id, row.commune_code) for row in problem.placement_forbids}
    for number, row in enumerate(placements):
        where = f"/placements/{number}"
        person = people.get(row.volunteer_id)
        if times[human_of.get(row.volunteer_id, row.volunteer_id)] > 1:
            yield _broken("P1", where, "một người phục vụ hai nơi", "one human is placed twice")
        if (row.volunteer_id, row.commune_code) in forbidden:
            yield _broken("P7", where, "người này bị loại trừ khỏi xã", "the person was forbidden there")
        if person is None:
            yield _broken("P1", where, "người không có trong bài", "the person is not in the problem")
        else:
            yield from _of_days(person, row, where)


def _of_days(person: ProblemVolunteer, row: ResultPlacement, where: str) -> Iterator[FieldError]:
    days = set(row.weekdays)
    if not days <= set(person.free_weekdays) or len(row.weekdays) > min(person.max_days, len(days)):
        yield _broken("P2", where, "không phải ngày rảnh, hoặc quá số ngày tối đa", "not free then, or too many days")
    works = {field: count for field, count in row.work_days.items() if count}
    if works.keys() - person.skills.keys() or sum(works.values()) > len(days):
        yield _broken("P4", where, "việc không biết, hoặc quá số ngày có mặt", "unknown work, or beyond the days there")


def _broken(rule: str, pointer: str, vi: str, en: str) -> FieldError:
    return pointer_error(pointer, code=f"rule.{rule}", vi=f"{rule}: {vi}.", en=f"{rule}: {en}.")
