"""Khánh Hòa's departments, two communes without an IT civil servant, and a worker's answer to a secondment run."""

from typing import Any

import sqlalchemy as sa
from commune_schemas.documents import SecondmentSolution
from commune_schemas.matching import RunStatus, StageDocuments
from commune_schemas.secondment import PostExplanation, SecondmentProblem, SecondmentResult
from matching_worker.child.messages import dump_document
from matching_worker.child.post_explanations import explain_posts
from matching_worker.jobs.secondment import certify_plan
from matching_worker.model.outcome import SILENT, Limits
from matching_worker.model.secondment.solve import solve

from tests.roster_api.reference_world import PROVINCE, World

TERMS = {"legal_basis": "Kế hoạch số 12345/KH-UBND", "signer": "Giám đốc Sở Nội vụ", "number": "77/QĐ-SNV"}
SPAN = {"from_on": "2025-10-20", "until_on": "2026-04-19"}
UNITS = (
    ("STTTT", "Sở Khoa học và Công nghệ", "provincial_agency", None),
    ("STC", "Sở Tài chính", "provincial_agency", None),
    ("NP", "UBND xã Ninh Phước", "commune_office", "22870"),
    ("MS", "UBND xã Mỹ Sơn", "commune_office", "22822"),
)
PEOPLE = (
    ("CB1", "Nguyễn Văn An", "STTTT", 3, "good"),
    ("CB2", "Trần Thị Bình", "STTTT", 2, "excellent"),
    ("CB3", "Lê Văn Cường", "STC", 2, None),
    ("CB4", "Phạm Thị Dung", "STC", 2, "not_completed"),
)


async def fill_departments(world: World) -> dict[str, Any]:
    """Three vacancies in IT, two at Ninh Phước and one at Mỹ Sơn; four people, one of them with a bad rating."""
    ids: dict[str, Any] = {}
    for code, name, kind, commune in UNITS:
        unit = {"province_code": PROVINCE, "code": code, "name": name, "kind": kind, "commune_code": commune}
        contact = {"contact_email": f"{code.lower()}@example.vn", "contact_name": "Văn thư"}
        ids[code] = (await world.create("/v1/units", unit | contact))["id"]
    for number, (code, name, unit_code, level, conduct) in enumerate(PEOPLE):
        person = {
            "unit_id": ids[unit_code],
            "code": code,
            "full_name": name,
            "side": "government",
            "availability": "nominated",
            "conduct": conduct,
            "phone": f"095000080{number}",
            "email": f"{code.lower()}@example.vn",
            "qualifications": [{"field_code": "sysadmin", "level": level}],
        }
        ids[code] = (await world.create("/v1/staff", person))["id"]
    for code, unit_code, quota in (("VT-NP", "NP", 2), ("VT-MS", "MS", 1)):
        post = {"unit_id": ids[unit_code], "code": code, "field_code": "sysadmin", "title": "Công chức CNTT"}
        ids[code] = (await world.create("/v1/posts", post | {"quota": quota}))["id"]
    return ids


async def request_run(world: World, **changes: Any) -> str:
    asked = await world.as_("admin").post(f"/v1/provinces/{PROVINCE}/secondment-runs", json=SPAN | changes)
    assert asked.status_code == 202, asked.text
    run_id: str = asked.json()["id"]
    return run_id


async def claim(world: World, run_id: str, worker: str = "w1") -> Any:
    return await world.as_("solver").post(f"/v1/internal/secondment-runs/{run_id}/claim", json={"worker": worker})


async def solve_run(world: World, run_id: str, token: str) -> SecondmentResult:
    """What a worker would hand in."""
    answer = await world.as_("solver").get(f"/v1/internal/secondment-runs/{run_id}/problem")
    document = SecondmentProblem.model_validate(answer.json()).document
    limits = Limits()
    outcome = solve(document, limits=limits)
    assert isinstance(outcome.solution, SecondmentSolution)
    reasons = explain_posts(document, outcome.solution, limits=limits, monitor=SILENT)
    return SecondmentResult(
        lease_token=token,
        status=RunStatus.SUCCEEDED,
        certificate=certify_plan(document, outcome, limits=limits),
        documents=StageDocuments(problem=dump_document(document), solution=dump_document(outcome.solution)),
        explanations={name: PostExplanation.model_validate(one) for name, one in reasons.items()},
    )


async def put_result(world: World, run_id: str, result: SecondmentResult) -> Any:
    path = f"/v1/internal/secondment-runs/{run_id}/result"
    return await world.as_("solver").put(path, json=result.model_dump(mode="json"))


async def finish_run(world: World, **changes: Any) -> str:
    run_id = await request_run(world, **changes)
    token = (await claim(world, run_id)).json()["lease_token"]
    kept = await put_result(world, run_id, await solve_run(world, run_id, token))
    assert kept.status_code == 204, kept.text
    return run_id


async def decide(world: World, run_id: str) -> None:
    """All drafted, approved, published."""
    admin, path = world.as_("admin"), f"/v1/secondment-runs/{run_id}/decisions"
    drafted = await admin.post(path, json=SPAN | TERMS)
    assert drafted.status_code == 201, drafted.text
    for step in ("approve", "publish"):
        done = await admin.post(f"/v1/secondments/{step}", json={"run_id": run_id})
        assert done.status_code == 200, done.text


async def list_notices(world: World) -> list[list[dict[str, Any]]]:
    """Of every occasion, the oldest first, what notifier is told."""
    async with world.session() as session:
        rows = (await session.scalars(sa.text("select id from roster.secondment_occasions order by at, id"))).all()
    answers = [
        await world.as_("notifier").get(f"/v1/internal/sources/secondment/{row}/notices", params={"limit": 200})
        for row in rows
    ]
    return [answer.json()["items"] for answer in answers]
