"""The month as a chapter of the story: played, left as files, held against them."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from commune_schemas.amounts import amount

from commune_demo.api import Api
from commune_demo.chapters import Chapter
from commune_demo.month.checking import (
    is_secretary_told,
    list_asked,
    list_month_faults,
    list_silent_schools,
    reckon_figures,
)
from commune_demo.month.papers import MonthPapers
from commune_demo.month.playing import Playing
from commune_demo.month.story_clock import StoryClock
from commune_demo.sinks import read_inbox

MAIL_SECONDS = 30
WAVE_FACTS = ("stays", "other_days", "moves", "leaves", "joins", "people_told")


def play_month(
    *, admin: Api, address: str, clock_file: Path, campaign_id: str, output: Path, show: Callable[[str], None]
) -> Chapter:
    """Everything over the public API at `address`; then the files, and what came in the mail, are checked."""
    chapter = Chapter("month", "Một tháng sau công bố", "The month after publishing")
    playing = Playing(admin=admin, address=address, clock=StoryClock(clock_file), chapter=chapter, output=output)
    month = playing.play(campaign_id, show)
    kept = MonthPapers(admin=admin, playing=playing, output=output).leave(month)
    (output / "review.json").write_text(json.dumps(kept.pop("review"), ensure_ascii=False, indent=1) + "\n")
    (output / "month.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1, default=str) + "\n")
    _wait_for_mails(output / "inbox", kept)
    chapter.faults += list_month_faults(output, read_inbox(output / "inbox"))
    figures, wave = reckon_figures(kept), kept["wave"]
    names = ("people_came", "days_planned", "days_served", "days_absent", "blockers_at_secretary", "allowances_vnd")
    chapter.facts |= {name: figures[name] for name in names}
    chapter.facts |= {f"second_wave_{name}": wave[name] for name in WAVE_FACTS if name in wave}
    _tell(chapter, kept["paid_school"])
    return chapter


def _wait_for_mails(inbox: Path, kept: dict[str, Any]) -> None:
    """Until those concerned were told, or it is late: then the check says who was not."""
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        mails = read_inbox(inbox)
        if is_secretary_told(mails) and list_asked(mails) >= list_silent_schools(kept):
            return
        time.sleep(0.2)


def _tell(chapter: Chapter, paid_school: str) -> None:
    facts = chapter.facts
    chapter.tell(
        f"{facts['days_served']} trên {facts['days_planned']} ngày công đã được xác nhận; hai xã báo muộn, trường được"
        " hỏi; một người có người khác đi thay; một vướng mắc lên đến Văn phòng Bí thư Tỉnh ủy và được xử lý.",
        f"{facts['days_served']} of {amount(int(facts['days_planned']), 'day')} were confirmed; two communes were late"
        " and schools were asked; one person was replaced; one blocker reached the Secretary's office and was solved.",
    )
    chapter.tell(
        f"Kinh phí hỗ trợ {facts['allowances_vnd']:,} đồng; bảng kê của {paid_school} đã chi.",
        f"Allowances of {facts['allowances_vnd']:,} đồng; the statement of {paid_school} is paid.",
    )
    stays, joins, told = (int(facts.get(f"second_wave_{name}", 0)) for name in ("stays", "joins", "people_told"))
    chapter.tell(
        f"Đợt 2 đã công bố: {stays} người ở lại đúng chỗ cũ, {joins} người vào thêm; {told} người nhận một email và một"
        " SMS.",
        f"The second wave is published: {amount(stays, 'person stays', 'people stay')} just where they are,"
        f" {amount(joins, 'joins', 'join')}; {amount(told, 'person')} got one"
        " mail and one text.",
    )
