"""The documents of stages A and B that a worker hands in: of this problem and no other, and its plans judged anew.

The judges are commune_verify's, which share no code with a solver. Ways and the policy are taken from the
documents: they are the worker's translation of what was frozen. Pure.
"""

import re
from collections.abc import Iterator, Sequence

from commune_schemas.documents import (
    InstanceDocument,
    InstanceSolution,
    InstanceVolunteer,
    PlacementDocument,
    PlacementSolution,
)
from commune_schemas.matching import MatchingProblem, MatchingResult, RunStatus, StageDocuments
from commune_verify import placement, responsibility
from commune_verify.verdict import Verdict
from pydantic import ValidationError

RULE = re.compile(r"[A-Z][0-9]+")
"""What a judge's words begin with, of a rule that has a number."""
Broken = tuple[str, str]
"""(a rule's number, or the stage's letter; what is wrong)."""


def find_broken_documents(problem: MatchingProblem, result: MatchingResult) -> Iterator[Broken]:
    """Of a result with a plan: what a plan says is promised and placed stands in the documents, which are judged."""
    if result.status is RunStatus.INFEASIBLE:
        return
    if result.stage_a is not None:
        yield from _judge_a(problem, result, result.stage_a)
    elif result.responsibilities:
        yield "A", "the documents of stage A are missing"
    for school, documents in result.stage_b.items():
        yield from _judge_b(problem, result, school, documents)
    schools = {person.id: person.school_code for person in problem.volunteers}
    placing = {schools[row.volunteer_id] for row in result.placements if row.volunteer_id in schools}
    for school in sorted(placing - result.stage_b.keys()):
        yield "B", f"the documents of {school} are missing"


def _judge_a(problem: MatchingProblem, result: MatchingResult, documents: StageDocuments) -> Iterator[Broken]:
    try:
        document = InstanceDocument.model_validate(documents.problem)
        solution = InstanceSolution.model_validate(documents.solution)
    except ValidationError:
        yield "A", "the documents are none of stage A"
        return
    yield from _of_another_problem(problem, document)
    yield from _judged("A", responsibility.verify(document, solution), result, school=None)
    leads = {row.commune_code: row.school_code for row in result.responsibilities if row.is_lead}
    if leads != solution.lead:
        yield "R1", "the leads handed in are not those of the solution"


def _judge_b(
    problem: MatchingProblem, result: MatchingResult, school: str, documents: StageDocuments
) -> Iterator[Broken]:
    try:
        document = PlacementDocument.model_validate(documents.problem)
        solution = PlacementSolution.model_validate(documents.solution)
    except ValidationError:
        yield "B", f"the documents of {school} are none of stage B"
        return
    yield from _of_other_people(problem, document.volunteers, stage="B")
    yield from _judged("B", placement.verify(document, solution), result, school=school)
    own = {str(person.id) for person in problem.volunteers if person.school_code == school}
    places = {str(row.volunteer_id): row.commune_code for row in result.placements if str(row.volunteer_id) in own}
    if places != {person: commune for person, commune, _ in solution.place}:
        yield "P1", f"the people placed of {school} are not those of its solution"


def _judged(stage: str, verdict: Verdict, result: MatchingResult, *, school: str | None) -> Iterator[Broken]:
    """What the judge finds; and a certificate that says it was checked must say what the judge reckons."""
    for words in verdict.violations:
        rule = RULE.match(words)
        yield rule[0] if rule else stage, words
    stated = [] if result.certificate is None else result.certificate.stages
    for each in stated:
        is_this = (each.stage, each.school_code) == (stage, school) and each.verified
        if is_this and verdict.accepted and each.objective != dict(verdict.objective):
            yield stage, f"the objective is {dict(verdict.objective)}, not {each.objective}"


def _of_another_problem(problem: MatchingProblem, document: InstanceDocument) -> Iterator[Broken]:
    frozen = {commune.code for commune in problem.communes}, {school.code for school in problem.schools}
    named = {commune.id for commune in document.communes}, {school.id for school in document.schools}
    if not (named[0] <= frozen[0] and named[1] <= frozen[1]):
        yield "A", "the document names communes or schools that are not in the problem"
    yield from _of_other_people(problem, document.volunteers, stage="A")


def _of_other_people(problem: MatchingProblem, people: Sequence[InstanceVolunteer], *, stage: str) -> Iterator[Broken]:
    """What was cut from people is the solver's means; what was added to them is a lie."""
    known = {str(person.id): person for person in problem.volunteers}
    for person in people:
        theirs = known.get(person.id)
        if theirs is None or person.school != theirs.school_code:
            yield stage, f"the document names somebody who is not in the problem: {person.id}"
        elif (
            not set(person.days) <= set(theirs.free_weekdays)
            or person.max_days > theirs.max_days
            or not person.skills.items() <= theirs.skills.items()
        ):
            yield "P2", f"the document gives days or fields to {person.id} that the problem does not"
