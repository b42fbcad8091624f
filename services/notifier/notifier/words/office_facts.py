"""Facts and table of what offices and seconded staff are told. They have said no language: Vietnamese."""

from commune_schemas.notices import (
    CannotGoNotice,
    NeedReminderNotice,
    NoticeKind,
    SecondmentMove,
    SecondmentNotice,
)
from commune_schemas.placement_details import Contact
from commune_schemas.words import clean_line

from notifier.secondment import describe_move, occasion_words
from notifier.wording import day_vi, list_stand_ins, weekdays_vi
from notifier.words.lines import Row, contact_line, facts_of_contact, keep_rows
from notifier.words.sandbox import Fact

OfficeNotice = SecondmentNotice | NeedReminderNotice | CannotGoNotice
NOBODY = Contact(name="", phone="")


def facts_of_office(notice: OfficeNotice) -> dict[str, Fact]:
    """By name. The same names for every notice of a kind; a text that there is not is empty."""
    if isinstance(notice, SecondmentNotice):
        return _of_secondment(notice)
    if isinstance(notice, NeedReminderNotice):
        return {
            "commune": clean_line(notice.commune_name),
            "contact_name": clean_line(notice.contact_name),
            "campaign_name": clean_line(notice.campaign_name),
            "starts_on": day_vi(notice.starts_on),
            "ends_on": day_vi(notice.ends_on),
        }
    place = notice.placement
    return {
        "full_name": clean_line(notice.full_name),
        "school_name": clean_line(notice.school_name),
        "campaign_name": clean_line(notice.campaign_name),
        "reason": clean_line(notice.reason),
        "commune": clean_line(place.commune_name),
        "weekdays": weekdays_vi(place.weekdays),
        "starts_on": day_vi(place.first_on),
        "ends_on": day_vi(place.last_on),
        "is_ready": notice.stand_ins is not None,
        "stand_ins": list_stand_ins(notice),
        **facts_of_contact(place.commune_contact, "commune_contact"),
    }


def rows_of_office(notice: OfficeNotice) -> list[Row]:
    """All that the built-in mail says, but for its sentences."""
    if isinstance(notice, SecondmentNotice):
        return _rows_of_secondment(notice)
    if isinstance(notice, NeedReminderNotice):
        return keep_rows(
            [
                ("Xã", [clean_line(notice.commune_name)]),
                ("Đợt", [clean_line(notice.campaign_name)]),
                ("Thời gian", [f"Từ {day_vi(notice.starts_on)} đến {day_vi(notice.ends_on)}"]),
                (
                    "Việc cần làm",
                    ["Khai nhu cầu của xã trên hệ thống; không cần ai cũng gửi bản không có việc"],
                ),
            ]
        )
    place = notice.placement
    days = f"{weekdays_vi(place.weekdays)}, từ {day_vi(place.first_on)} đến {day_vi(place.last_on)}"
    return keep_rows(
        [
            ("Báo không đi được", [clean_line(notice.full_name)]),
            ("Nơi đến", [clean_line(place.commune_name)]),
            ("Các ngày", [days]),
            ("Lý do", [clean_line(notice.reason)]),
            ("Người có thể thay", _stand_ins(notice)),
            ("Liên hệ ở xã", [contact_line(place.commune_contact)]),
        ]
    )


def about_of(notice: OfficeNotice) -> str:
    """What stands above the heading."""
    return occasion_words(notice) if isinstance(notice, SecondmentNotice) else clean_line(notice.campaign_name)


def addressee_of(notice: OfficeNotice) -> str:
    """Whom the mail greets."""
    if isinstance(notice, SecondmentNotice):
        return clean_line(notice.addressee)
    if isinstance(notice, NeedReminderNotice):
        return ", ".join(part for part in map(clean_line, (notice.contact_name, notice.commune_name)) if part)
    return f"người liên hệ của {clean_line(notice.school_name)}"


def _stand_ins(notice: CannotGoNotice) -> list[str]:
    if notice.stand_ins is None:
        return ["Đang tính; danh sách sẽ được gửi tiếp trong thư sau"]
    return list_stand_ins(notice) or ["Chưa tìm được ai của trường; xin liên hệ Sở Nội vụ"]


def _of_secondment(notice: SecondmentNotice) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "occasion": notice.occasion,
        "occasion_words": occasion_words(notice),
        "number": _number(notice),
        "legal_basis": clean_line(notice.legal_basis),
        "signer": clean_line(notice.signer),
        **facts_of_contact(notice.contact or NOBODY, "contact"),
    }
    if notice.kind is NoticeKind.SECONDMENT_OF_UNIT:
        return facts | {
            "unit": clean_line(notice.addressee),
            "coming": [describe_move(move, names_person=True) for move in notice.moves],
            "leaving": [describe_move(move, names_person=True) for move in notice.leaving],
        }
    return facts | {"full_name": clean_line(notice.addressee), **_of_move(_moves(notice)[0])}


def _of_move(move: SecondmentMove) -> dict[str, Fact]:
    return {
        "post": clean_line(move.post_title),
        "field": clean_line(move.field_name),
        "from_unit": clean_line(move.from_unit),
        "to_unit": clean_line(move.to_unit),
        "starts_on": day_vi(move.from_on),
        "ends_on": day_vi(move.until_on) if move.until_on else "",
        "weekdays": weekdays_vi(move.weekdays),
        "review_on": day_vi(move.review_on) if move.review_on else "",
        "reason": clean_line(move.reason),
    }


def _moves(notice: SecondmentNotice) -> list[SecondmentMove]:
    return [*notice.moves, *notice.leaving]


def _number(notice: SecondmentNotice) -> str:
    return next((number for move in _moves(notice) if (number := clean_line(move.number))), "")


def _rows_of_secondment(notice: SecondmentNotice) -> list[Row]:
    """What happened stands here too: the same words are sent of a decision, of its extension and of its end."""
    is_unit = notice.kind is NoticeKind.SECONDMENT_OF_UNIT
    moves = [describe_move(move, names_person=is_unit) for move in notice.moves]
    return keep_rows(
        [
            ("Việc", [occasion_words(notice)]),
            ("Số", [_number(notice)]),
            (
                "Người đến đơn vị" if is_unit else "Nội dung",
                moves,
            ),
            ("Người được cử đi", [describe_move(move, names_person=True) for move in notice.leaving]),
            ("Căn cứ", [clean_line(notice.legal_basis)]),
            ("Người ký", [clean_line(notice.signer)]),
            ("Liên hệ ở đơn vị tiếp nhận", [contact_line(notice.contact or NOBODY)]),
        ]
    )
