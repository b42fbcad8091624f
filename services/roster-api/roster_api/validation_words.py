"""What is wrong with a field, for people: words in two languages for each kind of error that Pydantic knows."""

from collections.abc import Mapping
from typing import Any

WHOLE = ("Phải là số nguyên.", "Must be a whole number.")
NUMBER = ("Phải là số.", "Must be a number.")
YES_OR_NO = ("Phải là có hoặc không (true, false).", "Must be yes or no (true, false).")
IDENTIFIER = ("Mã định danh (UUID) không đúng.", "The identifier (UUID) is not right.")
CHOICE = ("Không nằm trong danh sách cho phép.", "Not in the list of what is allowed.")
LEAST = ("Quá nhỏ: từ {least} trở lên.", "Too small: {least} or more.")
MOST = ("Quá lớn: nhiều nhất {most}.", "Too large: {most} at most.")
DATE = ("Ngày không đúng.", "Not a date.")
OBJECT = ("Phải là một đối tượng.", "Must be an object.")
UNKNOWN = ("Giá trị không hợp lệ.", "The value is not valid.")
WORDS: dict[str, tuple[str, str]] = {
    "missing": ("Chưa có mục bắt buộc này.", "This is required."),
    "extra_forbidden": ("Mục này không được biết đến.", "This is not known here."),
    "string_too_short": ("Quá ngắn: cần ít nhất {min_length} ký tự.", "Too short: {min_length} or more characters."),
    "string_too_long": ("Quá dài: nhiều nhất {max_length} ký tự.", "Too long: {max_length} characters at most."),
    "string_type": ("Chưa điền, hoặc không phải là chữ.", "Not filled in, or no text."),
    "string_pattern_mismatch": ("Viết chưa đúng dạng.", "Not written in the form it should have."),
    "string_unicode": ("Chữ không phải Unicode hợp lệ.", "The text is not valid Unicode."),
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "uuid_parsing": IDENTIFIER,
    "uuid_type": IDENTIFIER,
    "enum": CHOICE,
    "literal_error": CHOICE,
    "list_type": ("Phải là danh sách.", "Must be a list."),
    "too_long": ("Quá nhiều: nhiều nhất {max_length} mục.", "Too many: {max_length} at most."),
    "too_short": ("Quá ít: cần ít nhất {min_length} mục.", "Too few: {min_length} or more."),
    "dict_type": OBJECT,
    "model_attributes_type": OBJECT,
    "model_type": OBJECT,
    "json_invalid": ("JSON không hợp lệ.", "Not valid JSON."),
    "greater_than_equal": LEAST,
    "greater_than": ("Quá nhỏ: phải lớn hơn {least}.", "Too small: it must be above {least}."),
    "less_than_equal": MOST,
    "less_than": ("Quá lớn: phải nhỏ hơn {most}.", "Too large: it must be below {most}."),
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
}


def words_of(error: Mapping[str, Any]) -> tuple[str, str]:
    """Vietnamese and English, with the limit that was passed. Never what was typed: it may be personal."""
    kind, message = str(error.get("type")), str(error.get("msg", ""))
    if kind == "value_error":  # ours: 'tiếng Việt | English'
        own = message.removeprefix("Value error, ")
        vi, divided, en = own.partition(" | ")
        return (vi, en) if divided else (UNKNOWN[0], own)
    known = WORDS.get(kind)
    if known is None:
        return UNKNOWN[0], message
    limits = dict(error.get("ctx") or {})
    limits |= {"least": limits.get("ge", limits.get("gt")), "most": limits.get("le", limits.get("lt"))}
    vi, en = known
    return vi.format_map(limits), en.format_map(limits)
