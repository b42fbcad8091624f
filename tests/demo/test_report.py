"""The officer's page: every commune with one sentence why its school leads it, and what it lacks, in both languages."""

from datetime import date
from pathlib import Path

from commune_demo import case
from commune_demo.report import write_report
from commune_demo.results import CampaignResult, CommuneResult, SchoolResult
from commune_verify.figures import Figures

FIGURES = Figures(
    travel_km=10_764,
    led=2,
    scattered=1,
    pieces=13,
    farthest_lead_km=83,
    fullest=1.3,
    emptiest=0.5,
    loads={"DHKH": 1.3},
)


def small_result() -> CampaignResult:
    """Two real communes led by one school; the second lacks two days."""
    school = SchoolResult("DHKH", "Trường Đại học Khánh Hòa", "ĐH Khánh Hòa", 12.24, 109.19, people_listed=3)
    communes = [
        CommuneResult(c.code, c.full_name, c.latitude, c.longitude, c.is_remote, lacks_it_staff=True, needed_days=4)
        for c in list(case.communes())[:2]
    ]
    for commune in communes:
        commune.lead_code = school.code
        commune.why_vi, commune.why_en = f"Trường gần {commune.name} nhất.", f"The nearest to {commune.name}."
    communes[1].unmet_days = 2
    communes[1].lacks = [("Thêm một giảng viên <biết KPI> sẽ bù 2.", "One more lecturer would mend 2.")]
    school.communes = communes
    stage = {
        "stage": "A",
        "school_code": None,
        "status": "optimal",
        "objective": {"travel_km": 7},
        "bound": {"travel_km": 7},
        "gap": {"travel_km": 0.0},
        "seconds": 0.1,
        "solver": "HiGHS",
        "problem_sha256": "0" * 64,
        "verified": True,
    }
    return CampaignResult(
        campaign_name="Đợt 1",
        province_name=case.PROVINCE_NAME,
        starts_on=date(2026, 11, 23),
        ends_on=date(2026, 12, 20),
        plan_version=1,
        schools=[school],
        communes=communes,
        certificate={"stages": [stage]},
        messages={},
        answers={},
        people_listed=3,
        figures=FIGURES,
        reasons=[("Xa hơn 34 km, nhưng <tải>.", "34 km farther, but the load.")],
    )


def test_what_the_map_comes_to_and_its_reasons_stand_before_the_map(tmp_path: Path) -> None:
    write_report(small_result(), tmp_path, province_code=case.PROVINCE_CODE)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    before = page[: page.index('<div class="map">')]
    assert "10.764 km" in before
    assert "Xa hơn 34 km, nhưng &lt;tải&gt;." in before
    assert "34 km farther, but the load." in before


def test_every_commune_has_its_reason_and_what_it_lacks_in_both_languages(tmp_path: Path) -> None:
    result = small_result()
    write_report(result, tmp_path, province_code=case.PROVINCE_CODE)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for commune in result.communes:
        assert page.count(commune.why_vi) == 1
        assert f'<span class="en">{commune.why_en}</span>' in page
    assert "Thêm một giảng viên &lt;biết KPI&gt; sẽ bù 2." in page, "words are escaped"
    assert '<span class="en">One more lecturer would mend 2.</span>' in page
