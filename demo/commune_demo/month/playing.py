"""Chapter: the month after publishing. Two communes are late with their ticks, one blocker reaches the Secretary's
office, one person is replaced; then money, reports, and a second wave."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from commune_schemas.amounts import amount

from commune_demo import case
from commune_demo.api import Api
from commune_demo.chapters import Chapter
from commune_demo.month.second_wave import SecondWave
from commune_demo.month.story_clock import StoryClock
from commune_demo.month.words import DayWord, Replacement, choose_replacement, foresee

LAUNCH = "2026-12-07"
REPLACED_FROM = date(2026, 12, 14)
ROUNDS = (
    ("2026-12-11", "16:50"), ("2026-12-17", "08:45"), ("2026-12-22", "17:00"), ("2026-12-25", "17:00"),
    ("2026-12-30", "17:00"), ("2027-01-05", "17:00"), ("2027-01-08", "09:00"),
)  # fmt: skip
"""When Home Affairs enters the sign-in lists: never three working days after a day, or schools would be asked."""
RATES = (
    {"component": "service_day", "role": "lecturer", "amount_vnd": 200_000},
    {"component": "service_day", "role": None, "amount_vnd": 100_000, "valid_until": "2026-12-20"},
    {"component": "service_day", "role": None, "amount_vnd": 120_000, "valid_from": "2026-12-21"},
    {"component": "remote_day", "role": None, "amount_vnd": 50_000},
)  # fmt: skip
LEGAL_BASIS = "Nghị quyết mẫu của Hội đồng nhân dân tỉnh"
AT_ONCE = 500
DEADLINE_SECONDS = 60


@dataclass(frozen=True)
class Month:
    """What happened, for the papers and for whoever checks them."""

    campaign_id: str
    placements: Sequence[Mapping[str, Any]]
    words: Sequence[DayWord]
    replacement: Replacement
    late: tuple[str, str]
    counted: int
    """Records digitised, as the late communes counted them."""
    marks: int
    """Evaluations given."""
    wave: Mapping[str, Any]
    wave_run: str


class Playing:
    """`play` tells it over the public API; who does what has a key of that role."""

    def __init__(self, *, admin: Api, address: str, clock: StoryClock, chapter: Chapter, output: Path) -> None:
        self._admin, self._address, self._clock, self.chapter = admin, address, clock, chapter
        self._second_wave = SecondWave(admin=admin, output=output, chapter=chapter)

    def key(self, role: str, **bounds: str) -> Api:
        facts = {"role": role, "label": f"Demo {role}", "instead_of_account": True}
        place = bounds or {"province_code": case.PROVINCE_CODE}
        return Api(self._address, str(self._admin.post("/v1/api-keys", facts | place)["key"]))

    def play(self, campaign_id: str, show: Callable[[str], None]) -> Month:
        path = f"/v1/campaigns/{campaign_id}"
        plans = self._admin.get(f"{path}/plans", limit=200)["items"]
        plan = next(row for row in plans if row["status"] == "published")
        placements = list(self._admin.list_all(f"/v1/plans/{plan['id']}/placements"))
        by_commune = sorted({str(row["commune_code"]) for row in placements})
        late = (by_commune[0], by_commune[1])
        replacement = choose_replacement(placements, from_on=REPLACED_FROM, avoid=late)
        words = foresee(placements, replacement)
        self._clock.move_to(LAUNCH, "17:30")
        self._admin.post(f"{path}/launch", {"launched_on": LAUNCH})
        with self.key("commune_officer", commune_code=late[0]) as first, self.key(
            "commune_officer", commune_code=late[1]
        ) as second, self.key("secretary_office") as secretary:  # fmt: skip
            on_time = [word for word in words if word.commune_code not in late]
            sent = self._enter(path, on_time, sent=0, at=0)
            blocker = f"{path}/blockers/{self._raise_blocker(first, path)}"
            self._clock.move_to("2026-12-16", "08:00")
            self._wait_for_level(blocker, "director")
            sent = self._enter(path, on_time, sent=sent, at=1)
            self._wait_for_level(blocker, "secretary_office")
            self._clock.move_to("2026-12-18", "10:00")
            secretary.post(
                f"{blocker}/solve", {"words": "Văn phòng Tỉnh ủy đã làm việc với nhà mạng; đường truyền lại thông."}
            )
            first.post(f"{blocker}/confirm")
            show("vướng mắc lên đến Văn phòng Tỉnh ủy, được xử lý và xã xác nhận")
            for at in range(2, len(ROUNDS)):
                sent = self._enter(path, on_time, sent=sent, at=at)
            wave, run = self._second_wave.begin(path, served=len(placements))  # computed while the rest goes on
            for code, commune in zip(late, (first, second), strict=True):
                self._send_late(commune, path, [word for word in words if word.commune_code == code])
            counted = sum(self._count(api, path, code, words) for code, api in zip(late, (first, second), strict=True))
            marks = self._rate(first, path, late[0], words)
        show(f"{len(words)} ngày công đã được xác nhận, hai xã báo muộn vào cuối tháng")
        return Month(campaign_id, placements, words, replacement, late, counted, marks, wave, run)

    def _enter(self, path: str, words: Sequence[DayWord], *, sent: int, at: int) -> int:
        """Home Affairs enters what the sign-in lists hold up to the day before; how many are entered by now."""
        moment = self._clock.move_to(*ROUNDS[at])
        due = [
            word
            for word in words[sent:]
            if word.serves_on < moment.date() or (at == 0 and word.serves_on == moment.date())
        ]
        for start in range(0, len(due), AT_ONCE):
            self._tick(self._admin, path, due[start : start + AT_ONCE], moment.isoformat(), wanted="recorded")
        return sent + len(due)

    def _tick(self, api: Api, path: str, words: Sequence[DayWord], ticked_at: str, *, wanted: str) -> None:
        answer = api.post(f"{path}/attendance", {"ticks": [word.as_tick(ticked_at=ticked_at) for word in words]})
        if answer[wanted] != len(words):
            refused = [item for item in answer["items"] if item["result"] != wanted]
            self.chapter.faults.append(
                f"month: {amount(len(refused), 'tick')} of {len(words)} are not {wanted}: {refused[:2]}"
            )

    def _send_late(self, commune: Api, path: str, words: Sequence[DayWord]) -> None:
        """Ticked offline on the day, sent at the month's end; and once more, for the answer was lost on the way."""
        ticked_at = "2027-01-06T17:00:00+07:00"
        self._tick(commune, path, words, ticked_at, wanted="recorded")
        self._tick(commune, path, words, ticked_at, wanted="already")

    def _raise_blocker(self, commune: Api, path: str) -> str:
        words = "Đường truyền mạng của xã bị ngắt, không làm được dịch vụ công trực tuyến."
        return str(commune.post(f"{path}/blockers", {"words": words, "urgency": "urgent"})["id"])

    def _wait_for_level(self, blocker: str, level: str) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self._admin.get(blocker)["level"] != level:
            if time.monotonic() > deadline:
                self.chapter.faults.append(f"month: the blocker did not go up to {level}")
                return
            time.sleep(0.1)

    def _count(self, commune: Api, path: str, code: str, words: Sequence[DayWord]) -> int:
        """Of a late commune's first week: each who was there digitised forty records."""
        came = {w.volunteer_id for w in words if w.commune_code == code and w.serves_on <= date(2026, 12, 11)}
        items = [{"volunteer_id": person, "duty_code": "digitise", "number": 40} for person in sorted(came)]
        commune.put(f"{path}/duty-counts/{code}/{LAUNCH}", {"items": items})
        return 40 * len(items)

    def _rate(self, commune: Api, path: str, code: str, words: Sequence[DayWord]) -> int:
        came = sorted({word.volunteer_id for word in words if word.commune_code == code and word.outcome == "present"})
        for person in came:
            commune.put(f"{path}/evaluations/people/{person}", {"help": 5, "attitude": 5, "skill": 4})
        return len(came)

    def end_wave(self, month: Month) -> Mapping[str, Any]:
        """The second wave beside the first, published; its people told."""
        return self._second_wave.end(month.wave["campaign_id"], month.wave_run, served=len(month.placements))
