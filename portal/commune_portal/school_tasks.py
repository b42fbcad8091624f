"""A school's tasks on the front page: its list, and who on it has not said enough."""

import asyncio

from commune_schemas.amounts import amount

from commune_portal.commune_tasks import THE_SCHOOL, Task
from commune_portal.view import View


async def tasks_of_school(view: View) -> list[Task]:
    say, school_id = view.say, view.school_id
    uploads, people, asked = await asyncio.gather(
        view.api.get("/v1/schools/{school_id}/roster-uploads", school_id=school_id, limit=5),
        view.api.count("/v1/volunteers", school_id=school_id),
        view.api.get("/v1/schools/{school_id}/invitations", school_id=school_id, limit=1),
    )
    newest = next(iter(uploads["items"]), None)
    if newest is None:
        state, tone, words = say("Chưa gửi", "Not sent"), "warn", say("Chưa có danh sách nào", "No list was sent yet")
    elif newest["status"] in {"in_review", "failed"}:
        state, tone = say("Chờ bạn", "Waiting for you"), "warn"
        words = say(f"{newest['file_name']} chưa được ghi", f"{newest['file_name']} is not on the roster yet")
    else:
        state, tone = say("Đã có", "There"), "good"
        words = say(f"{people} người trong danh sách", amount(people, "person on the roster", "people on the roster"))
    return [
        Task(
            say("Danh sách của trường", "Your school's list"),
            words,
            say(*THE_SCHOOL),
            state,
            tone,
            f"/lists/{newest['id']}" if newest and newest["status"] in {"in_review", "failed"} else "/lists",
            say("Mở danh sách", "Open the lists"),
        ),
        *tasks_of_incomplete(view, asked["counts"]),
    ]


def tasks_of_incomplete(view: View, counts: dict[str, int]) -> list[Task]:
    """Who is on the list and placed nowhere, as nobody knows when they are free."""
    say, path = view.say, f"/schools/{view.school_id}/invitations"
    unasked, silent = counts["not_invited"], counts["invited"] + counts["reminded"] + counts["expired"]
    if not unasked and not silent:
        return []
    return [
        Task(
            say(
                f"{unasked + silent} người chưa khai đủ",
                amount(unasked + silent, "person has not said enough", "people have not said enough"),
            ),
            say(
                f"{unasked} người chưa được mời, {silent} người chưa trả lời",
                f"{amount(unasked, 'is', 'are')} not invited, {amount(silent, 'has', 'have')} not answered",
            ),
            say(*THE_SCHOOL),
            say("Chờ bạn", "Waiting for you") if unasked else say("Chờ trả lời", "Waiting for answers"),
            "warn" if unasked else "busy",
            path,
            say("Mời họ tự khai", "Invite them") if unasked else say("Xem ai chưa trả lời", "See who is silent"),
        )
    ]
