"""What a change by hand did, in words with names."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from commune_portal.campaign_view import Places
from commune_portal.rendering import SHORT_WEEKDAYS
from commune_portal.view import View


@dataclass(frozen=True)
class Names:
    """Of people by id, and of places."""

    places: Places
    people: dict[str, str]

    @classmethod
    def of(cls, places: Places, people: Iterable[dict[str, Any]]) -> "Names":
        return cls(places, {each["volunteer_id"]: each["full_name"] for each in people})


@dataclass(frozen=True)
class Done:
    """One change of the history: `words` say what, one line an edit."""

    edit: dict[str, Any]
    words: list[str]


def list_done(view: View, history: Iterable[dict[str, Any]], names: Names) -> list[Done]:
    return [Done(each, [describe(view, edit, names) for edit in each["edits"]]) for each in history]


def describe(view: View, edit: dict[str, Any], names: Names) -> str:
    """One edit; who is off the roster by now is called so."""
    nobody = view.say("(người đã rời danh sách)", "(somebody off the roster)")
    person, other, leaver = (
        names.people.get(str(edit.get(name)), nobody) for name in ("volunteer_id", "other_id", "leaver_id")
    )
    commune, second = (names.places.commune(edit.get(name)) for name in ("commune_code", "other_code"))
    days = ", ".join(SHORT_WEEKDAYS[view.language][day] for day in edit.get("weekdays") or ())
    on_days = f" ({days})" if days else ""
    school = names.places.school(edit.get("school_code"))
    words = {
        "move_person": (f"{person} về {commune}{on_days}", f"{person} goes to {commune}{on_days}"),
        "swap_people": (f"{person} và {other} đổi chỗ", f"{person} and {other} change places"),
        "give_place": (f"{person} thay {leaver}{on_days}", f"{person} takes the place of {leaver}{on_days}"),
        "set_weekdays": (f"{person} đi vào {days}", f"{person} serves on {days}"),
        "send_home": (f"{person} thôi phục vụ", f"{person} has no place any more"),
        "move_commune": (f"{commune} do {school} phụ trách", f"{school} leads {commune}"),
        "swap_communes": (f"{commune} và {second} đổi trường", f"{commune} and {second} change their schools"),
    }
    vi, en = words.get(edit["kind"], (edit["kind"], edit["kind"]))
    return view.say(vi, en)
