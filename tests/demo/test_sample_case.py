"""The Khánh Hòa case: the numbers the story tells, feasible by arithmetic, and the same to the byte every time."""

import hashlib
from collections import Counter
from pathlib import Path

import phonenumbers
import pytest
from commune_demo import case
from python_calamine import CalamineWorkbook


def test_there_are_65_communes_and_only_truong_sa_is_remote() -> None:
    communes = case.communes()
    assert len({commune.code for commune in communes}) == 65
    assert [commune.full_name for commune in communes if commune.is_remote] == ["Đặc khu Trường Sa"]
    assert Counter(commune.kind for commune in communes) == {"commune": 48, "ward": 16, "special_zone": 1}


def test_39_communes_lack_it_staff_and_ask_for_45_peoples_work() -> None:
    lacking = [need for need in case.needs() if need.lacks_it_staff]
    names = {commune.code: commune.name for commune in case.communes()}
    assert len(lacking) == 39
    assert sum(need.person_days for need in lacking) == 45 * 5
    assert not {"Ninh Phước", "Mỹ Sơn"} & {names[need.commune_code] for need in lacking}
    assert all(need.person_days in (3, 4) for need in case.needs() if not need.lacks_it_staff)


def test_every_duty_is_wanted_somewhere() -> None:
    wanted = {item.duty_code for need in case.needs() for item in need.items}
    assert wanted == {duty.code for duty in case.DUTIES}


def test_243_people_of_twelve_schools_are_told_apart_by_code_phone_and_email() -> None:
    people = case.people()
    assert len(people) == 243
    assert {person.school_code for person in people} == {school.code for school in case.schools()}
    for what in ("external_ref", "phone", "email", "full_name"):
        assert len({getattr(person, what) for person in people}) == 243


def test_no_number_or_address_of_the_sample_reaches_anybody() -> None:
    contacts = [
        *((person.phone, person.email) for person in case.people()),
        *((school.contact_phone, school.contact_email) for school in case.schools()),
        *((commune.contact_phone, commune.contact_email) for commune in case.communes()),
    ]
    phones, emails = zip(*contacts, strict=True)
    assert all(phone.startswith("+8495000") for phone in phones)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)
    assert all(email.endswith(".example") for email in emails)


def test_capacity_exceeds_need_in_all_and_in_every_field_with_a_reasonable_surplus() -> None:
    need: Counter[str] = Counter()
    for declared in case.needs():
        for item in declared.items:
            need[item.duty_code] += item.people * item.days_per_week
    days = {person.number: min(person.max_days, len(person.free_weekdays)) for person in case.people()}
    assert 1.3 <= sum(days.values()) / need.total() <= 1.6
    for field, wanted in need.items():
        assert sum(days[person.number] for person in case.people() if field in person.fields) >= 2 * wanted


def test_every_commune_can_have_a_lecturer_and_every_lecturer_enough_places_for_students() -> None:
    lecturers = Counter(person.school_code for person in case.people() if person.role == "lecturer")
    students = Counter(person.school_code for person in case.people() if person.role == "student")
    assert lecturers.total() >= 65 * 1.15
    assert all(students[code] <= 5 * lecturers[code] for code in lecturers)


@pytest.mark.parametrize("school", case.schools(), ids=lambda school: school.code)
def test_each_school_can_staff_its_fair_share_of_communes(school: case.School) -> None:
    people = case.people_of(school.code)
    capacity = sum(min(person.max_days, len(person.free_weekdays)) for person in people)
    total = sum(min(person.max_days, len(person.free_weekdays)) for person in case.people())
    need = sum(declared.person_days for declared in case.needs())
    fair = need * capacity / total
    communes = 65 * capacity / total
    assert fair <= 0.75 * capacity
    assert sum(person.role == "lecturer" for person in people) >= communes


def test_the_campaign_lasts_one_month_from_a_monday() -> None:
    campaign = case.campaign()
    assert campaign.starts_on.weekday() == 0
    assert 28 <= (campaign.ends_on - campaign.starts_on).days <= 31


def test_the_university_of_khanh_hoa_already_serves_tay_khanh_vinh() -> None:
    (relation,) = case.existing()
    names = {commune.code: commune.name for commune in case.communes()}
    assert (relation.school_code, names[relation.commune_code]) == ("DHKH", "Tây Khánh Vĩnh")


def test_workbooks_are_the_same_to_the_byte_every_time(tmp_path: Path) -> None:
    digests = [
        [hashlib.sha256(book.path.read_bytes()).hexdigest() for book in case.write_workbooks(tmp_path / name)]
        for name in ("first", "second")
    ]
    assert digests[0] == digests[1]
    assert len(set(digests[0])) == 12


def test_two_lists_carry_errors_and_have_corrected_versions(tmp_path: Path) -> None:
    sent = case.write_workbooks(tmp_path)
    corrected = case.write_corrected_workbooks(tmp_path)
    assert sum(book.people for book in sent) == 243
    assert [book.school_code for book in sent if book.has_errors] == [book.school_code for book in corrected]
    assert len(corrected) == 2


def test_no_two_workbooks_have_the_same_header(tmp_path: Path) -> None:
    headers = set()
    for book in case.write_workbooks(tmp_path):
        workbook = CalamineWorkbook.from_path(str(book.path))
        rows = workbook.get_sheet_by_index(0).to_python()
        headers.add(
            next(tuple(row) for row in rows if any(str(cell).upper() in {"HỌ VÀ TÊN", "HỌ TÊN", "TÊN"} for cell in row))
        )
    assert len(headers) == 12
