"""The front page of offices: how communes stand, blockers at the own level, days not confirmed, who goes where."""

import asyncio
from dataclasses import dataclass
from typing import Any

from commune_schemas.amounts import amount, noun

from commune_portal.campaign_view import NEWS_SECONDS
from commune_portal.commune_tasks import THE_COMMUNES, THE_SCHOOL, Task
from commune_portal.menu import ADMIN, FINANCE, OF_SCHOOLS, READ_TOTALS, SCHOOL
from commune_portal.view import View

LEVEL_OF = {"overseer": "overseer", "director": "director", "secretary_office": "secretary_office", ADMIN: None}
"""The level whose blockers wait for this role; None: of all levels."""
HAVE_BLOCKERS = frozenset({*LEVEL_OF, SCHOOL})
SEE_DAYS = frozenset({ADMIN, SCHOOL, FINANCE})
"""Whom it concerns that a day of service is not confirmed."""
SEE_MONEY = frozenset({FINANCE, SCHOOL})
SEE_PLACED = OF_SCHOOLS | {"education_department"}


@dataclass(frozen=True)
class Tile:
    value: str | int
    label: str
    path: str = ""
    tone: str = ""


def count_on_tile(view: View, value: int, words: tuple[str, str, str], path: str, tone: str = "") -> Tile:
    """`words`: Vietnamese, English of a single one, English of several."""
    vi, single, several = words
    return Tile(value, view.say(vi, noun(value, single, several)), path, tone)


async def find_standing(view: View, campaign: dict[str, Any]) -> dict[str, Any] | None:
    """Communes covered, short and stuck; None for whom the totals are not."""
    if view.role not in READ_TOTALS:
        return None
    found: dict[str, Any] = await view.api.get_kept(
        "/v1/campaigns/{campaign_id}/standing", seconds=NEWS_SECONDS, campaign_id=campaign["id"]
    )
    return found


def tiles_of_standing(view: View, standing: dict[str, Any] | None) -> list[Tile]:
    if standing is None or not standing["communes"]:
        return []
    covered, short, stuck = standing["covered"], standing["short"], standing["stuck"]
    words = {
        "covered": ("xã, phường đủ người", "commune covered", "communes covered"),
        "short": ("xã, phường còn thiếu", "commune short", "communes short"),
        "stuck": ("xã, phường đang vướng", "commune stuck", "communes stuck"),
    }
    return [
        count_on_tile(view, covered, words["covered"], "/leaders?show=covered", "good"),
        count_on_tile(view, short, words["short"], "/leaders?show=short", "warn" if short else "good"),
        count_on_tile(view, stuck, words["stuck"], "/leaders?show=stuck", "bad" if stuck else "good"),
    ]


def tasks_of_standing(view: View, standing: dict[str, Any] | None) -> list[Task]:
    """The communes that nobody helps enough, those without IT staff counted apart."""
    if standing is None or not standing["communes"]:
        return []
    say = view.say
    lacking = [each for each in standing["communes"] if each["standing"] != "covered"]
    first = sum(each["is_priority"] for each in lacking)
    if not lacking:
        return []
    return [
        Task(
            say("Xã thiếu người hoặc đang vướng", "Communes short or stuck"),
            say(
                f"{len(lacking)} xã, trong đó {first} xã không có công chức CNTT",
                f"{amount(len(lacking), 'commune')}, {first} of them without IT staff",
            ),
            say("Sở Nội vụ; Sở Khoa học và Công nghệ", "Home Affairs; Science & Technology"),
            say("Cần xử lý", "To be looked at"),
            "warn",
            "/leaders?show=lacking",
            say("Xem từng xã", "See each commune"),
        )
    ]


async def tasks_of_blockers(view: View, campaign: dict[str, Any]) -> list[Task]:
    say, campaign_id, level = view.say, campaign["id"], LEVEL_OF.get(view.role)
    stuck = await view.api.count_kept(
        "/v1/campaigns/{campaign_id}/blockers",
        seconds=NEWS_SECONDS,
        campaign_id=campaign_id,
        state="open",
        level=level,
    )
    narrowed = f"&level={level}" if level else ""
    words = (
        say(f"{stuck} vướng mắc đang ở cấp của bạn", amount(stuck, "is at your level now", "are at your level now"))
        if level
        else say(f"{stuck} vướng mắc chưa giải quyết", f"{stuck} not solved")
    )
    return [
        Task(
            say("Vướng mắc", "Blockers"),
            words,
            view.word("role", view.role) if level else say("Người theo dõi xã", "Who follows the commune"),
            (say("Chờ bạn", "Waiting for you") if level else say("Đang xử lý", "In hand"))
            if stuck
            else say("Không có", "None"),
            ("bad" if level else "busy") if stuck else "good",
            f"/campaigns/{campaign_id}/blockers?state=open{narrowed}",
            say("Xem vướng mắc", "See the blockers"),
        )
    ]


async def tasks_of_days(view: View, campaign: dict[str, Any]) -> list[Task]:
    """Days of service whose confirmation is missing, or on which commune and school differ: they are not paid."""
    say, campaign_id = view.say, campaign["id"]
    totals = await view.api.get_kept(
        "/v1/campaigns/{campaign_id}/attendance/totals", seconds=NEWS_SECONDS, part="total", campaign_id=campaign_id
    )
    silent, disputed = totals["unconfirmed"], totals["disputed"]
    is_open = bool(silent or disputed)
    return [
        Task(
            say("Ngày phục vụ", "Days of service"),
            say(
                f"{silent} ngày chưa xác nhận, {disputed} ngày xã và trường nói khác nhau",
                f"{amount(silent, 'day')} not confirmed, commune and school differ on {disputed}",
            ),
            say(*THE_COMMUNES),
            say("Chờ xác nhận", "To be confirmed") if is_open else say("Đủ", "Complete"),
            "warn" if is_open else "good",
            f"/campaigns/{campaign_id}/attendance",
            say("Xem theo xã", "See by commune"),
        )
    ]


async def tasks_of_money(view: View, campaign: dict[str, Any]) -> list[Task]:
    """Statements by whose turn it is: the school's to check, Finance's to approve and to pay."""
    say = view.say
    totals = await view.api.get_kept(
        "/v1/campaigns/{campaign_id}/allowance-totals",
        seconds=NEWS_SECONDS,
        part="by_state",
        campaign_id=campaign["id"],
    )
    computed, checked, approved = (totals.get(state, 0) for state in ("computed", "checked", "approved"))
    mine = computed if view.role == SCHOOL else checked + approved
    words = (
        say(
            f"{computed} bản chờ trường kiểm tra, {checked} chờ duyệt, {approved} chờ chi",
            f"{computed} to be checked by schools, {checked} to be approved, {approved} to be paid",
        )
        if totals
        else say("Chưa tính tháng nào", "No month is computed yet")
    )
    owner = say(*THE_SCHOOL) if computed and not checked else say("Sở Tài chính", "Finance")
    waits = mine or (not totals and view.role == FINANCE)
    return [
        Task(
            say("Kinh phí hỗ trợ", "Allowances"),
            words,
            owner,
            say("Chờ bạn", "Waiting for you") if waits else say("Không chờ bạn", "Not waiting for you"),
            "warn" if waits else "good",
            f"/campaigns/{campaign['id']}/allowances",
            say("Mở các bản chi", "Open the statements"),
        )
    ]


async def tasks_of_unit(view: View) -> list[Task]:
    """A lending unit's: who leaves and comes by decisions under way, and its own people."""
    say = view.say
    under_way, published, people = await asyncio.gather(
        view.api.count_kept("/v1/secondments", seconds=NEWS_SECONDS, status="started"),
        view.api.count_kept("/v1/secondments", seconds=NEWS_SECONDS, status="published"),
        view.api.count_kept("/v1/staff", seconds=NEWS_SECONDS),
    )
    owner = say("Sở Nội vụ", "Home Affairs")
    return [
        Task(
            say("Điều động, biệt phái của đơn vị", "Your unit's moves and secondments"),
            say(
                f"{published} quyết định chờ thực hiện, {under_way} đang thực hiện",
                f"{amount(published, 'decision')} to begin, {under_way} under way",
            ),
            owner,
            say("Sắp tới", "Coming") if published else say("Không có việc chờ", "Nothing waits"),
            "busy" if published else "good",
            "/staff/decisions",
            say("Xem quyết định", "See the decisions"),
        ),
        Task(
            say("Người của đơn vị", "Your unit's people"),
            say(f"{people} người trong sổ", f"{people} on the register"),
            owner,
            say("Có", "There") if people else say("Chưa có", "None"),
            "good" if people else "warn",
            "/staff/people",
            say("Xem sổ", "See the register"),
        ),
    ]


async def tasks_of_placed(view: View, plan: dict[str, Any]) -> list[Task]:
    say = view.say
    people = plan["counts"]["people_placed"]
    if view.role in OF_SCHOOLS:
        people = await view.api.count("/v1/plans/{plan_id}/placements", plan_id=plan["id"])
    return [
        Task(
            say("Ai về đâu, ngày nào", "Who goes where, and when"),
            say(f"{people} người được phân công", amount(people, "person is placed", "people are placed")),
            say(*THE_SCHOOL),
            say("Có lịch", "Scheduled") if people else say("Chưa có người", "Nobody yet"),
            "good" if people else "warn",
            f"/plans/{plan['id']}/people",
            say("Xem danh sách", "See the list"),
        )
    ]
