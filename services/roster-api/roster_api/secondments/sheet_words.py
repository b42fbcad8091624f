"""A run of secondments in words, as its printed selection has them: fields, units, communes by name; what was asked."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.communes.repository import find_communes_by_code
from roster_api.fields.repository import name_fields
from roster_api.secondments.models import SecondmentRun
from roster_api.secondments.schemas import SecondmentRequest
from roster_api.staff.models import Conduct, Unit
from roster_api.staff.repository import list_active

CONDUCT_WORDS = {
    Conduct.EXCELLENT: "Hoàn thành xuất sắc",
    Conduct.GOOD: "Hoàn thành tốt",
    Conduct.COMPLETED: "Hoàn thành",
    Conduct.NOT_COMPLETED: "Không hoàn thành",
}
ANY_DISTANCE_KM = 10_000
NONE = "Không có"


@dataclass(frozen=True, slots=True)
class SheetNames:
    """Names by code. What was taken off the lists since is shown by its code."""

    fields: dict[str, str]
    units: dict[str, str]
    communes: dict[str, str]

    def in_words(self, text: str) -> str:
        """An explanation in which fields and units stand in brackets by code: 'CB1 (STC, 60 km) giữ P1 (sysadmin)'."""
        known = self.units | self.fields
        return re.sub(r"(?<=\()[\w.-]+(?=[,)])", lambda match: known.get(match.group(), match.group()), text)


async def read_names(session: AsyncSession, run: SecondmentRun) -> SheetNames:
    units = await list_active(session, Unit, province_code=run.province_code)
    forbidden = {one["commune_code"] for one in run.criteria["forbid"]}
    communes = await find_communes_by_code(session, codes=forbidden, province_code=run.province_code)
    return SheetNames(
        await name_fields(session),
        {unit.code: unit.name for unit in units},
        {code: commune.name for code, commune in communes.items()},
    )


def criteria_in_words(criteria: dict[str, Any], names: SheetNames) -> list[tuple[str, str]]:
    asked = SecondmentRequest.model_validate(criteria)
    refused = ", ".join(CONDUCT_WORDS[conduct] for conduct in asked.refused_conduct)
    forbidden = "; ".join(
        f"{names.units.get(one.unit_code, one.unit_code)} → {names.communes.get(one.commune_code, one.commune_code)}"
        for one in asked.forbid
    )
    is_any = asked.max_move_km >= ANY_DISTANCE_KM
    return [
        ("Điều động từ ngày", _day(asked.from_on)),
        ("Đến ngày", _day(asked.until_on)),
        ("Trình độ tối thiểu trong lĩnh vực của vị trí (1-3)", str(asked.min_level)),
        ("Số năm công tác tối thiểu", str(asked.min_service_years)),
        ("Không xét người được xếp loại", refused or NONE),
        ("Khoảng cách tối đa khi điều động giữa các xã (km)", "Không giới hạn" if is_any else str(asked.max_move_km)),
        ("Không điều động", forbidden or NONE),
        ("Thời gian tính tối đa (giây)", f"{asked.time_limit_seconds:g}"),
        ("Số để chọn lại đúng như vậy", str(asked.seed)),
    ]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
