"""What is wrong with blocks that somebody wrote, block by block, in words."""

from typing import Any

from commune_schemas.notices import Channel, Language, NoticeKind
from commune_schemas.problem import FieldError
from pydantic import ValidationError

from notifier.api.errors import ProblemError
from notifier.words.checking import Blocks, find_faults, read_blocks
from notifier.words.sandbox import BlockError

NOTHING_WRITTEN = ("Chưa viết gì ở phần này.", "Nothing is written here.")
OTHER_SHAPE = ("Sai dạng.", "Not of the right form.")
SHAPES = {
    "missing": NOTHING_WRITTEN,
    "string_too_short": NOTHING_WRITTEN,
    "string_too_long": ("Quá dài.", "Too long."),
    "extra_forbidden": ("Loại tin này không có phần như vậy.", "This message has no such part."),
}
FAULTS = {
    "template.too_long": ("Quá dài (nhiều nhất {detail}).", "Too long (at most {detail})."),
    "template.not_understood": ("Viết sai cú pháp: {detail}", "Not understood: {detail}"),
    "template.not_allowed": ("Không dùng được ở đây: {detail}", "Not allowed here: {detail}"),
    "template.unknown_fact": ("Không có dữ kiện tên {detail}.", "There is no fact called {detail}."),
    "template.fact_not_said": ("Tin phải nói cả: {detail}.", "The message has to say: {detail}."),
    "template.not_filled": ("Không điền được dữ kiện ({detail}).", "The facts cannot be filled in ({detail})."),
}


def read_given(channel: Channel, given: dict[str, Any] | None) -> Blocks | None:
    if given is None:
        return None
    try:
        return read_blocks(channel, given)
    except ValidationError as error:
        errors = [
            FieldError(
                pointer="/" + "/".join(map(str, ("blocks", *each["loc"]))),
                code="template.shape",
                vi=SHAPES.get(each["type"], OTHER_SHAPE)[0],
                en=SHAPES.get(each["type"], OTHER_SHAPE)[1],
            )
            for each in error.errors()
        ]
        raise _not_valid(errors) from None


def refuse_faults(kind: NoticeKind, language: Language, blocks: Blocks) -> None:
    faults = find_faults(kind, language, blocks)
    if faults:
        raise _not_valid([_in_words(name, error) for name, error in faults])


def _in_words(name: str, error: BlockError) -> FieldError:
    vi, en = FAULTS[error.code]
    pointer = f"/blocks/{name}" if name else "/blocks"
    return FieldError(
        pointer=pointer, code=error.code, vi=vi.format(detail=error.detail), en=en.format(detail=error.detail)
    )


def _not_valid(errors: list[FieldError]) -> ProblemError:
    vi, en = (" ".join(words) for words in zip(*((each.vi, each.en) for each in errors[:3]), strict=True))
    return ProblemError(422, "template.not_valid", vi=vi, en=en, errors=errors)
