"""What every refusal of an API says: its status, its code, and words in both languages, at each place it points to."""

from typing import Any

import httpx


def check_refusal(answer: httpx.Response, status: int, code: str, *, at: str | None = None) -> dict[str, Any]:
    """The problem document. `at`: a pointer that one of its errors has."""
    assert answer.status_code == status, answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code, problem
    check_words(problem["detail_vi"], problem["detail"])
    for error in problem["errors"]:
        check_words(error["vi"], error["en"])
    if at is not None:
        assert at in {error["pointer"] for error in problem["errors"]}, problem["errors"]
    return problem


def check_words(vi: str, en: str) -> None:
    assert vi.strip()
    assert en.strip()
    assert vi != en
