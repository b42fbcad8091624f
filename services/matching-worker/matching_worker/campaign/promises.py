"""What stage A's plan asks of one school in one commune."""

from commune_schemas.documents import InstanceSolution
from commune_schemas.matching import ProblemCommune


def people_asked_of(plan: InstanceSolution, commune: ProblemCommune, school_code: str) -> int:
    """Of a support: the people it promised. Of the lead: all that the supports did not promise."""
    if plan.lead.get(commune.code) != school_code:
        return sum(n for code, school, n in plan.heads if (code, school) == (commune.code, school_code))
    others = sum(n for code, school, n in plan.heads if code == commune.code and school != school_code)
    return max(0, commune.min_people - others)
