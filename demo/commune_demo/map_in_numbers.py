"""The map of the case held against what an officer would sign: everyone used, areas in one piece, fair loads."""

from collections.abc import Iterator, Mapping
from typing import Any

from commune_schemas.amounts import amount
from commune_schemas.documents import InstanceDocument, InstanceSolution
from commune_verify.figures import Figures, count_figures

from commune_demo.results import CampaignResult

MOST_SCATTERED = 2
FULLEST = 1.31
FARTHEST_KM = 10_800
WIDEST_GAP = 0.03
"""Of the priced cost of stage A: with prices a proof takes longer than a demonstration may."""


def read_figures(problem: Mapping[str, Any], solution: Mapping[str, Any]) -> Figures:
    return count_figures(InstanceDocument.model_validate(problem), InstanceSolution.model_validate(solution))


def list_map_faults(result: CampaignResult) -> Iterator[str]:
    """What the plan falls short of, in words; nothing where it is as it must be."""
    figures = result.figures
    if figures is None:
        yield "the run's documents were not read"
        return
    if figures.scattered > MOST_SCATTERED:
        yield f"{amount(figures.scattered, 'commune lies', 'communes lie')} apart from their school's area"
    if round(figures.fullest, 2) > FULLEST:
        yield f"the fullest school carries {figures.fullest:.2f} times the fair load"
    if figures.travel_km > FARTHEST_KM:
        yield f"{figures.travel_km} km of travel"
    if len(result.people) < result.people_listed:
        yield f"{amount(result.people_listed - len(result.people), 'person is', 'people are')} not used"
    yield from (f"nobody comes to {commune.name}" for commune in result.communes if not commune.people)
    gap = max(result.stage_a["gap"].values(), default=0.0)
    if gap > WIDEST_GAP:
        yield f"stage A is {gap:.1%} above its bound"
