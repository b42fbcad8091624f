"""The result as an officer wants to see it at a glance: schools, shortfall, proof, messages."""

from collections.abc import Mapping
from pathlib import Path

from commune_demo.console import Console
from commune_demo.results import CampaignResult


def show_result(console: Console, result: CampaignResult, *, folder: Path) -> None:
    _show_schools(console, result)
    _show_shortfall(console, result)
    stage, totals = result.stage_a, result.placement_totals
    if result.figures:
        map_ = result.figures
        areas = f"{map_.pieces} mảng · pieces, {map_.scattered} xã tách · apart"
        console.say(f"\nBản đồ · Map: {map_.travel_km} km, {areas}")
        console.say(
            f"  tải · load {map_.emptiest:.2f}-{map_.fullest:.2f}; xa nhất · farthest {map_.farthest_lead_km} km"
        )
    for vi, _ in result.reasons:
        console.say(f"  - {vi}")
    console.say("\nChứng nhận · Certificate")
    console.say(f"  A  {stage['status']}: {_levels(stage['objective'])}; cận dưới · bound {_levels(stage['bound'])}")
    console.say(f"     {stage['solver']}, {stage['seconds']:.1f} s, sha256 {stage['problem_sha256'][:16]}…")
    console.say(f"  B  {_levels(totals['objective'])}; cận dưới · bound {_levels(totals['bound'])}")
    console.say(f"\nTin đã đến · Arrived in the sinks: {result.emails} email, {result.sms} SMS")
    console.say(f"  trùng · duplicates: {result.duplicates}")
    for channel, statuses in result.messages.items():
        console.say(f"  {channel}: {_levels(statuses)}")
    console.say(f"  trả lời · answers: {_levels(result.answers)}")
    for chapter in result.chapters:
        show = console.bad if chapter.faults else console.good
        show(f"{chapter.title_vi} · {chapter.title_en}: {_levels(chapter.facts)}")
    for fault in result.faults[:20]:
        console.bad(fault)
    if not result.faults:
        led = sum(commune.lead_code is not None for commune in result.communes)
        console.good(f"{led}/{len(result.communes)} xã có trường phụ trách; mọi tin đúng và chỉ một lần · all right")
    console.say(f"\n  {folder}/: report.html, map.png, plan.xlsx, decision.docx, summary.json, inbox/, sms.jsonl")


def _show_schools(console: Console, result: CampaignResult) -> None:
    console.say("\nTheo trường · By school")
    rows = [
        (
            school.short_name,
            len(school.communes),
            school.people_listed,
            school.people_placed,
            school.person_days,
            round(school.mean_km),
            school.farthest_km,
            ", ".join(commune.name.split(" ", 1)[1] for commune in school.communes)[:70],
        )
        for school in result.schools
    ]
    headers = ["trường", "xã", "danh sách", "phân công", "ngày/tuần", "km TB", "xa nhất", "các xã"]
    console.table(headers, rows, right=range(1, 7))


def _show_shortfall(console: Console, result: CampaignResult) -> None:
    short = [commune for commune in result.communes if commune.unmet_days]
    if not short:
        console.good("không xã nào thiếu người · no commune is short")
    for commune in short:
        console.bad(f"{commune.name}: thiếu {commune.unmet_days} trên {commune.needed_days} ngày công mỗi tuần")


def _levels(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
