"""Stage C's check, from the two documents alone: every rule, the objective from scratch, nothing shared with solve."""

from collections import Counter

from commune_schemas.amounts import amount
from commune_schemas.documents import SecondmentDocument, SecondmentSolution

from commune_verify.verdict import Verdict


def verify(problem: SecondmentDocument, solution: SecondmentSolution) -> Verdict:
    people = {person.id: person for person in problem.people}
    posts = {post.id: post for post in problem.posts}
    forbidden = {tuple(pair) for pair in problem.forbid}
    violations: list[str] = []
    sent = Counter(person for person, _ in solution.moves)
    filled = Counter(post for _, post in solution.moves)
    violations += [f"C1: person {person} moved {amount(times, 'time')}" for person, times in sent.items() if times > 1]
    violations += [f"C1: post {post} filled {amount(times, 'time')}" for post, times in filled.items() if times > 1]
    from_province = 0
    travel_km = 0
    for person_id, post_id in solution.moves:
        person, post = people.get(person_id), posts.get(post_id)
        if person is None or post is None:
            violations.append(f"unknown person or post: {person_id}, {post_id}")
            continue
        metres = problem.dist_m.get(person.unit, {}).get(post.commune)
        if post.field not in person.fields:
            violations.append(f"C2: {person_id} does not know {post.field}, the field of {post_id}")
        if (person.unit, post.commune) in forbidden:
            violations.append(f"C3: {person.unit} may not send anyone to {post.commune}")
        if metres is None:
            violations.append(f"C4: no distance from {person.unit} to {post.commune}")
            continue
        if person.kind == "internal" and metres > problem.policy.max_move_m:
            violations.append(f"C4: {person_id} would move {metres} m to {post_id}")
        from_province += person.kind == "province"
        travel_km += (metres + 500) // 1000
    unfilled = sum(post.priority for post in problem.posts if post.id not in filled)
    return Verdict(tuple(violations), {"unfilled": unfilled, "province": from_province, "travel_km": travel_km})
