"""What stage A's plan asks of one school in one commune: people, and days of work."""

from collections import Counter

from commune_schemas.documents import InstanceSolution
from commune_schemas.matching import ProblemCommune


def people_asked_of(plan: InstanceSolution, commune: ProblemCommune, school_code: str) -> int:
    """Of a support: the people it promised. Of the lead: all that the supports did not promise."""
    if plan.lead.get(commune.code) != school_code:
        return sum(n for code, school, n in plan.heads if (code, school) == (commune.code, school_code))
    others = sum(n for code, school, n in plan.heads if code == commune.code and school != school_code)
    return max(0, commune.min_people - others)


def days_asked_of(plan: InstanceSolution, commune: ProblemCommune, school_code: str) -> dict[str, int]:
    """Of a support: the days it promised. Of the lead: all that the supports did not promise, more than it promised
    where need is beyond it. Who goes where is settled by heads and weekdays that no promise of days knows, so a lead
    that sends somebody has work for them wherever need is left."""
    is_lead = plan.lead.get(commune.code) == school_code
    promised: Counter[str] = Counter()
    for code, school, field, days in plan.flow:
        if code == commune.code and is_lead != (school == school_code):
            promised[field] += days
    asked = {f: days - promised[f] for f, days in commune.need_days.items()} if is_lead else dict(promised)
    return {field: days for field, days in sorted(asked.items()) if days > 0}
