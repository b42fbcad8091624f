"""How far it is from schools to communes, and which communes are neighbours: as imported, else by their places."""

from commune_schemas.matching import MatchingProblem, ProblemCommune

from matching_worker.model.geography import distance_m, neighbours

Distances = dict[tuple[str, str], int]
"""Metres by (commune, school)."""


def measure_ways(problem: MatchingProblem) -> Distances:
    """What was measured is authoritative; else the straight line times the commune's road factor. 0 to a remote
    commune, which is served from afar."""
    measured = {(way.commune_code, way.school_code): way.metres for way in problem.measured_ways}
    return {
        (commune.code, school.code): 0
        if commune.is_remote
        else measured.get((commune.code, school.code), _straight(commune, (school.latitude, school.longitude)))
        for commune in problem.communes
        for school in problem.schools
    }


def _straight(commune: ProblemCommune, school: tuple[float, float]) -> int:
    return round(distance_m((commune.latitude, commune.longitude), school) * commune.road_factor)


def list_edges(problem: MatchingProblem) -> list[tuple[str, str]]:
    """Neighbouring communes on land: by their borders where these are known, else by their places."""
    land = [commune for commune in problem.communes if not commune.is_remote]
    if problem.neighbours is not None:
        codes = {commune.code for commune in land}
        return [(a, b) for a, b in problem.neighbours if a in codes and b in codes]
    pairs = neighbours([(commune.latitude, commune.longitude) for commune in land])
    return [(land[i].code, land[j].code) for i, j in pairs]
