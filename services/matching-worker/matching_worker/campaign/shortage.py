"""Communes that get people, but fewer than they asked for: how many are missing, and why. From the documents alone."""

from collections import Counter
from collections.abc import Mapping

from commune_schemas.matching import CommuneExplanation, MatchingProblem
from commune_schemas.remarks import Remark

from matching_worker.campaign.left_out import open_schools, why_nobody_more
from matching_worker.campaign.plan import JointPlan

VIETNAMESE = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
ENGLISH = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def list_short(problem: MatchingProblem, plan: JointPlan) -> list[Remark]:
    """In the order of the problem's communes; where nobody comes at all is told elsewhere (left_out.py)."""
    leads = plan.lead_plan
    if leads is None or plan.infeasible:
        return []
    schools = open_schools(problem, plan)
    names = {school.code: school.name or school.code for school in problem.schools}
    there = Counter(commune for school in schools.values() for commune in school.placed.values())
    found = []
    for commune in problem.communes:
        missing = commune.min_people - there[commune.code]
        if not 0 < missing < commune.min_people:
            continue
        lead = leads.lead.get(commune.code)
        rule, why_vi, why_en = why_nobody_more(commune, lead, names, schools)
        asked = commune.min_people
        of_asked = f"{count(VIETNAMESE, missing)} người so với {count(VIETNAMESE, asked)} người xã đề nghị"
        vi = f"{commune.name} thiếu {of_asked}"
        people = "person" if missing == 1 else "people"
        en = f"{commune.name} is {count(ENGLISH, missing)} {people} short of the {count(ENGLISH, asked)} it asked for"
        found.append(
            Remark(
                code="commune.short_of_people",
                commune_code=commune.code,
                school_code=lead,
                people=missing,
                rule=rule,
                vi=f"{vi}, vì {why_vi}.",
                en=f"{en}, because {why_en}.",
            )
        )
    return found


def count(words: tuple[str, ...], number: int) -> str:
    return words[number] if number < len(words) else str(number)


def with_shortage(explanations: Mapping[str, CommuneExplanation], short: list[Remark]) -> dict[str, CommuneExplanation]:
    """The explanations, each of a commune short of people with the sentence that says so."""
    by_commune = {remark.commune_code: remark for remark in short}
    return {code: add(one, by_commune[code]) if code in by_commune else one for code, one in explanations.items()}


def add(explanation: CommuneExplanation, remark: Remark) -> CommuneExplanation:
    shortage = {"missing": remark.people, "rule": remark.rule, "vi": remark.vi, "en": remark.en}
    return CommuneExplanation(
        data=explanation.data | {"short_of_people": shortage},
        text_vi=f"{explanation.text_vi}\n{remark.vi}",
        text_en=f"{explanation.text_en}\n{remark.en}",
    )
