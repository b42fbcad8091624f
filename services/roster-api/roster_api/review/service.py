"""The review put together: figures, places, duties, what is lacking, and the draft of its text."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.attendance.service import today as today_in_vietnam
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.working_time import Span, WorkClock, WorkingDays
from roster_api.evaluations.models import CRITERIA, Rated
from roster_api.evaluations.service import summarise_marks
from roster_api.plans.repository import find_plan_in_force
from roster_api.plans.totals import CampaignTotals, describe_totals
from roster_api.provinces.models import Province
from roster_api.review import repository
from roster_api.review.schemas import DutyRow, EvaluationRow, Figure, LackRow, PlaceRow, Review, SchoolRow
from roster_api.review.text import write_text

PLACE_NUMBERS = (
    "people_planned", "people_came", "days_planned", "days_served", "days_absent", "days_unconfirmed", "days_disputed",
)  # fmt: skip
BLOCKER_NUMBERS = (
    "blockers_raised", "blockers_open", "blockers_solved", "blockers_at_secretary", "blocker_hours",
    "blocker_working_hours",
)  # fmt: skip
FIGURE_WORDS = {
    "communes_in_need": ("Xã, phường, đặc khu khai nhu cầu", "Communes that declared a need"),
    "communes_led": ("Xã có cơ sở đào tạo phụ trách", "Communes with a lead school"),
    "people_planned": ("Người được phân công", "People placed"),
    "people_came": ("Người đã đến xã, đã xác nhận", "People who came, confirmed"),
    "days_planned": ("Ngày công theo kế hoạch", "Days of service planned"),
    "days_served": ("Ngày công đã xác nhận", "Days served, confirmed"),
    "days_absent": ("Ngày vắng", "Days absent"),
    "days_unconfirmed": ("Ngày chưa xác nhận", "Days not confirmed"),
    "days_disputed": ("Ngày xã và trường ghi khác nhau", "Days that commune and school see differently"),
    "blockers_raised": ("Vướng mắc đã nêu", "Blockers raised"),
    "blockers_open": ("Vướng mắc chưa xử lý", "Blockers still open"),
    "blockers_solved": ("Vướng mắc đã xử lý", "Blockers solved"),
    "blockers_at_secretary": ("Vướng mắc đã lên Văn phòng Bí thư", "Blockers that reached the Secretary's office"),
    "blocker_hours": ("Số giờ xử lý một vướng mắc, trung bình", "Hours until a blocker was solved, on average"),
    "blocker_working_hours": ("Trong đó giờ làm việc, trung bình", "Of them working hours, on average"),
    "evaluations_given": ("Phiếu đánh giá đã nhận", "Evaluations given"),
    "duties_done": ("Lượt nhiệm vụ đã thực hiện", "Duties done, as counted"),
    "allowances_vnd": ("Kinh phí hỗ trợ (đồng)", "Allowances (VND)"),
    "unmet_days": ("Ngày công mỗi tuần còn thiếu", "Person-days a week still lacking"),
}
RATED_WORDS = {Rated.PERSON: "Người hỗ trợ", Rated.SCHOOL: "Trường", Rated.COMMUNE: "Xã"}
CRITERION_WORDS = {"help": "mức hỗ trợ", "attitude": "thái độ", "skill": "kỹ năng", "readiness": "mức sẵn sàng"}
ATTENDANCE_OF = {
    "people_came": "?state=confirmed",
    "days_served": "?state=confirmed",
    "days_absent": "?state=confirmed",
    "days_unconfirmed": "?state=unconfirmed",
    "days_disputed": "?state=disputed",
}


async def describe_review(session: AsyncSession, campaign: Campaign, spans: Sequence[Span]) -> Review:
    """As the rows are at this moment. `spans`: the offices' working hours."""
    today = today_in_vietnam()
    province = await session.get_one(Province, campaign.province_code)
    path = f"/v1/campaigns/{campaign.id}"
    plan = await find_plan_in_force(session, campaign.id)
    plan_path = f"/v1/plans/{plan.id}" if plan else f"{path}/plans"
    money = await repository.sum_allowances(session, campaign.id)
    duties = await _list_duties(session, campaign, path)
    lacks = await _list_lacks(session, plan.id, plan_path) if plan else []
    evaluations = await repository.list_marks(session, campaign.id)
    numbers = await _count(session, campaign, WorkClock(WorkingDays.of_campaign(campaign), spans), today)
    numbers["evaluations_given"] = len(evaluations)
    numbers |= _other_numbers(await describe_totals(session, campaign), duties, lacks, money)
    review = Review(
        campaign_id=campaign.id,
        campaign_name=campaign.name,
        province_name=province.full_name,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        as_of=today,
        figures=[
            Figure(key=key, vi=vi, en=en, value=numbers[key], rows=_rows_of(key, path, plan_path))
            for key, (vi, en) in FIGURE_WORDS.items()
        ],
        communes=[
            PlaceRow(**_place(row), rows=f"{path}/attendance?commune_code={row[0]}")
            for row in await repository.list_communes(session, campaign.id, today)
        ],
        schools=[
            SchoolRow(**_place(row), rows=f"{path}/attendance?school_code={row[0]}", allowance_vnd=money.get(row[0], 0))
            for row in await repository.list_schools(session, campaign.id, today)
        ],
        duties=duties,
        lacks=lacks,
        evaluation=_sum_up_marks(evaluations, f"{path}/evaluations"),
        text_vi=[],
    )
    return review.model_copy(update={"text_vi": write_text(review)})


async def _count(session: AsyncSession, campaign: Campaign, clock: WorkClock, today: date) -> dict[str, int | None]:
    """Of days and of blockers."""
    places = await repository.count_all(session, campaign.id, today)
    blockers = await repository.count_blockers(session, campaign.id, clock)
    return dict(zip((*PLACE_NUMBERS, *BLOCKER_NUMBERS), (*places, *blockers), strict=True))


def _other_numbers(
    totals: CampaignTotals, duties: list[DutyRow], lacks: list[LackRow], money: dict[str, int]
) -> dict[str, int]:
    return {
        "communes_in_need": totals.communes,
        "communes_led": totals.plan.communes_led if totals.plan else 0,
        "duties_done": sum(row.number for row in duties),
        "allowances_vnd": sum(money.values()),
        "unmet_days": sum(row.unmet_days for row in lacks),
    }


def _sum_up_marks(given: Sequence[tuple[str, dict[str, int]]], rows: str) -> list[EvaluationRow]:
    """By who was rated and criterion, those that anybody was rated by."""
    about = {rated: [marks for whom, marks in given if whom == rated] for rated in Rated}
    return [
        EvaluationRow(
            rated=rated, criterion=criterion, vi=f"{RATED_WORDS[rated]}: {CRITERION_WORDS[criterion]}",
            evaluations=len(about[rated]), rows=rows,
            **summarise_marks(marks.get(criterion) for marks in about[rated]).model_dump(),
        )
        for rated, criteria in CRITERIA.items()
        for criterion in criteria
        if about[rated]
    ]  # fmt: skip


def _rows_of(key: str, path: str, plan_path: str) -> str:
    elsewhere = dict.fromkeys(BLOCKER_NUMBERS, f"{path}/blockers") | {
        "communes_in_need": f"{path}/needs",
        "communes_led": f"{plan_path}/responsibilities",
        "evaluations_given": f"{path}/evaluations",
        "duties_done": f"{path}/review",  # its `duties`: by commune and week, each with its own rows
        "allowances_vnd": f"{path}/allowance-statements",
        "unmet_days": f"{plan_path}/shortfalls",
    }
    return elsewhere.get(key) or f"{path}/attendance{ATTENDANCE_OF.get(key, '')}"


def _place(row: tuple[str, ...]) -> dict[str, str]:
    return {"code": row[0], "name": row[1], **dict(zip(PLACE_NUMBERS, row[2:], strict=True))}


async def _list_duties(session: AsyncSession, campaign: Campaign, path: str) -> list[DutyRow]:
    rows = await repository.list_duties(session, campaign.id)
    return [
        DutyRow(
            duty_code=duty,
            duty_name_vi=name,
            duty_name_en=name_en,
            commune_code=commune,
            commune_name=commune_name,
            week_on=week,
            number=number,
            rows=f"{path}/duty-counts/{commune}/{week}",
        )
        for duty, name, name_en, commune, commune_name, week, number in rows
    ]


async def _list_lacks(session: AsyncSession, plan_id: UUID, plan_path: str) -> list[LackRow]:
    rows = await repository.list_lacks(session, plan_id)
    return [
        LackRow(
            commune_code=commune,
            commune_name=commune_name,
            field_code=field,
            field_name_vi=field_name,
            field_name_en=field_name_en,
            unmet_days=unmet,
            rows=f"{plan_path}/shortfalls",
        )
        for commune, commune_name, field, field_name, field_name_en, unmet in rows
    ]
