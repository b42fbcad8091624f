"""Facts of a notice by name, in the reader's language: what blocks of text may use, and the table beneath them."""

from commune_schemas.amounts import amount
from commune_schemas.notices import InvitationNotice, Language, NoticeKind, PersonNotice, ReserveNotice, WithdrawalCause
from commune_schemas.placement_details import Contact, PlacementDetails
from commune_schemas.words import clean_line

from notifier.wording import WEEKDAYS_EN, dates_by_week, weekdays_en, weekdays_vi
from notifier.words.lines import Row, contact_line, day_in, facts_of_contact, keep_rows
from notifier.words.office_facts import OfficeNotice, facts_of_office, rows_of_office
from notifier.words.sandbox import Fact

VolunteerNotice = PersonNotice | ReserveNotice | InvitationNotice
"""What volunteers are told: in English, and for some kinds in Vietnamese too, the built-in words are blocks."""
EditableNotice = VolunteerNotice | OfficeNotice
"""Whose words people may edit."""


def collect_facts(notice: EditableNotice, language: Language) -> dict[str, Fact]:
    """By name. The same names for every notice of a kind; a text that there is not is empty."""
    if isinstance(notice, OfficeNotice):
        return facts_of_office(notice)
    facts: dict[str, Fact] = {
        "full_name": clean_line(notice.full_name),
        "school_name": clean_line(notice.school_name),
    }
    if isinstance(notice, PersonNotice):
        shown = notice.placement or notice.previous
        facts |= {
            "campaign_name": clean_line(notice.campaign_name),
            "answer_url": clean_line(notice.answer_url),
            "cause": (notice.withdrawal or WithdrawalCause.REPLANNED).value,
            **_of_placement(shown, language, prefix=""),
            **_of_placement(notice.previous, language, prefix="old_"),
        }
    elif isinstance(notice, ReserveNotice):
        facts |= {
            "campaign_name": clean_line(notice.campaign_name),
            "starts_on": day_in(language, notice.starts_on),
            "ends_on": day_in(language, notice.ends_on),
            **facts_of_contact(notice.school_contact, "school_contact"),
        }
    else:
        facts |= {
            "answer_url": clean_line(notice.answer_url),
            "open_until": day_in(language, notice.open_until),
            **facts_of_contact(notice.school_contact, "school_contact"),
        }
    return facts


def _of_placement(placement: PlacementDetails | None, language: Language, *, prefix: str) -> dict[str, Fact]:
    is_english = language is Language.EN
    names = ("commune", "province", "address", "weekdays", "hours", "starts_on", "ends_on")
    facts: dict[str, Fact] = dict.fromkeys((f"{prefix}{name}" for name in names), "")
    if placement is not None:
        values = (
            clean_line(placement.commune_name),
            clean_line(placement.province_name),
            _address(placement, language),
            weekdays_en(placement.weekdays) if is_english else weekdays_vi(placement.weekdays),
            f"{clean_line(placement.start_time)}–{clean_line(placement.end_time)}",
            day_in(language, placement.first_on),
            day_in(language, placement.last_on),
        )
        facts = {f"{prefix}{name}": value for name, value in zip(names, values, strict=True)}
    if not prefix:
        nobody = Contact(name="", phone="")
        facts |= {
            "number_of_days": len(placement.dates) if placement else 0,
            "duties": [clean_line(duty) for duty in placement.duties] if placement else [],
            **facts_of_contact(placement.commune_contact if placement else nobody, "commune_contact"),
            **facts_of_contact(placement.school_contact if placement else nobody, "school_contact"),
        }
    return facts


def _address(placement: PlacementDetails, language: Language) -> str:
    if placement.is_remote:
        return "From afar, online" if language is Language.EN else "Hỗ trợ từ xa, trực tuyến"
    return clean_line(placement.office_address)


LABELS = {
    Language.VI: {
        "where": "Nơi đến", "how": "Cách làm", "days": "Các ngày", "period": "Thời gian", "lost": "Ngoại lệ",
        "duties": "Nhiệm vụ", "commune": "Liên hệ ở xã", "school": "Liên hệ ở trường", "before": "Trước đây",
    },
    Language.EN: {
        "where": "Where", "how": "How", "days": "Days", "period": "Period", "lost": "Except", "duties": "Tasks",
        "commune": "Contact at the commune", "school": "Contact at your school", "before": "Before",
    },
}  # fmt: skip


def list_rows(notice: EditableNotice, language: Language) -> list[Row]:
    """The table under the text: everything to go by, so that no edited word can lose a fact."""
    if isinstance(notice, OfficeNotice):
        return rows_of_office(notice)
    labels = LABELS[language]
    if not isinstance(notice, PersonNotice):
        return keep_rows([(labels["school"], [contact_line(notice.school_contact)])])
    shown = notice.placement or notice.previous
    if shown is None:
        return []
    rows = [
        (labels["how" if shown.is_remote else "where"], _where(shown, language)),
        (labels["days"], [_days(shown, language)]),
        (labels["period"], _period(shown, language)),
        (labels["lost"], [clean_line(one.en if language is Language.EN else one.vi) for one in shown.lost]),
        (labels["duties"], ["; ".join(clean_line(duty) for duty in shown.duties)]),
        (labels["commune"], [contact_line(shown.commune_contact)]),
        (labels["school"], [contact_line(shown.school_contact)]),
    ]
    if notice.kind is NoticeKind.PLACEMENT_CHANGED and notice.previous is not None:
        old = notice.previous
        rows.append((labels["before"], [clean_line(old.commune_name), _days(old, language), _from_to(old, language)]))
    return keep_rows(rows)


def _where(placement: PlacementDetails, language: Language) -> list[str]:
    place = ", ".join(part for part in map(clean_line, (placement.commune_name, placement.province_name)) if part)
    far = f"about {placement.distance_km} km from your school" if language is Language.EN else (
        f"cách trường khoảng {placement.distance_km} km"
    )  # fmt: skip
    address = _address(placement, language)
    return [place, address if placement.is_remote else f"{address} ({far})"]


def _days(placement: PlacementDetails, language: Language) -> str:
    days = weekdays_en(placement.weekdays) if language is Language.EN else weekdays_vi(placement.weekdays)
    return f"{days}, {clean_line(placement.start_time)}–{clean_line(placement.end_time)}"


def _from_to(placement: PlacementDetails, language: Language) -> str:
    first, last = day_in(language, placement.first_on), day_in(language, placement.last_on)
    if language is Language.EN:
        return f"From {first} to {last} ({amount(len(placement.dates), 'day')})"
    return f"Từ {first} đến {last} ({len(placement.dates)} ngày)"


def _period(placement: PlacementDetails, language: Language) -> list[str]:
    weeks = dates_by_week(placement.dates)
    if language is Language.EN:
        names = {f"T{day + 2} ": f"{name[:3]} " for day, name in enumerate(WEEKDAYS_EN)} | {
            "T7 ": "Sat ",
            "CN ": "Sun ",
        }
        for short, english in names.items():
            weeks = [week.replace(short, english) for week in weeks]
    return [_from_to(placement, language), *weeks]
