"""Stage D's check, from the two documents alone: every rule, the objective from scratch, nothing shared with solve."""

from collections import deque

from commune_schemas.documents import GroupsDocument, GroupsSolution

from commune_verify.verdict import Verdict


def verify(problem: GroupsDocument, solution: GroupsSolution) -> Verdict:
    weights = {commune.id: commune.weight for commune in problem.communes}
    adjacent: dict[str, set[str]] = {commune: set() for commune in weights}
    for a, b in problem.edges:
        adjacent[a].add(b)
        adjacent[b].add(a)
    violations: list[str] = []
    if set(solution.group) != set(weights):
        violations.append("D1: not exactly the communes of the problem are grouped")
    if any(not 0 <= number < problem.k for number in solution.group.values()):
        violations.append(f"D1: group numbers must be 0 to {problem.k - 1}")
    cost = 0
    for number in range(problem.k):
        members = {commune for commune, group in solution.group.items() if group == number and commune in weights}
        if not members:
            violations.append(f"D1: group {number} is empty")
            continue
        if not is_connected(members, adjacent):
            violations.append(f"D2: group {number} is not connected")
        weight = sum(weights[commune] for commune in members)
        if weight < problem.lo:
            violations.append(f"D3: group {number} weighs {weight}, less than {problem.lo}")
        if weight > problem.hi:
            violations.append(f"D4: group {number} weighs {weight}, more than {problem.hi}")
        cost += min(sum(problem.dist_km[centre][member] for member in members) for centre in members)
    return Verdict(tuple(violations), {"cost": cost})


def is_connected(members: set[str], adjacent: dict[str, set[str]]) -> bool:
    reached = {next(iter(members))}
    waiting = deque(reached)
    while waiting:
        found = (adjacent[waiting.popleft()] & members) - reached
        reached |= found
        waiting.extend(found)
    return reached == members
