"""What the docs name exists: files, folders, modules, make verbs, and the numbered rules."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.support.tracked import ROOT, tracked_files

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md")),
]
PACKAGES = [
    "shared",
    "services/roster-api",
    "services/matching-worker",
    "services/notifier",
    "deploy",
    "demo",
    "portal",
    ".",
]
"""A path in the docs starts at the root, at a member's folder, or at a package in one."""
MADE_LATER = ("demo-output/", "bench-output/", "screens/", "portal/commune_portal/static/built/", ".venv/", ".stack/")
"""What commands leave behind, and git does not know."""
SUFFIXES = "py|md|toml|yml|yaml|sh|json|geojson|html|mjml|txt|lock|j2|png|svg|sql"


def quoted(text: str) -> list[str]:
    """What stands between back quotes in running text, without the fenced blocks."""
    running = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", running)


def looks_like_a_path(words: str) -> bool:
    return re.fullmatch(rf"(?:[\w-][\w.-]*/)+|(?:[\w-][\w.-]*/)*[\w-]+\.(?:{SUFFIXES})", words) is not None


def exists(name: str, *, files: set[str], beside: str) -> bool:
    """As a tracked file or folder, from the root, a member, or the document's own folder."""
    starts = ["", *(f"{package}/" for package in PACKAGES), f"{beside}/"]
    plain = name.rstrip("/")
    beginnings = tuple(f"{start}{plain}/" for start in starts)
    return any(f"{start}{plain}" in files for start in starts) or any(
        path.startswith(beginnings) or path.endswith(f"/{plain}") for path in files
    )


@cache
def read_code() -> str:
    return "\n".join(path.read_text() for path in tracked_files() if path.suffix == ".py")


@cache
def is_written_by_code(name: str) -> bool:
    """A file of no folder that a command leaves behind: its name then stands in some Python file."""
    return "/" not in name.rstrip("/") and name.rstrip("/") in read_code()


@pytest.mark.parametrize("document", PAGES)
def test_every_path_a_document_names_exists(document: str) -> None:
    files = {path.relative_to(ROOT).as_posix() for path in tracked_files()}
    named = [words for words in quoted((ROOT / document).read_text()) if looks_like_a_path(words)]
    beside = Path(document).parent.as_posix()
    absent = [name for name in named if not exists(name, files=files, beside=beside)]
    assert [name for name in absent if not name.startswith(MADE_LATER) and not is_written_by_code(name)] == []


@pytest.mark.parametrize("document", PAGES)
def test_every_link_of_a_document_leads_to_a_file(document: str) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", (ROOT / document).read_text())
    missing = [link for link in links if not (ROOT / document).parent.joinpath(link).exists()]
    assert missing == []


@pytest.mark.parametrize("document", PAGES)
def test_every_make_verb_a_document_names_is_in_the_makefile(document: str) -> None:
    verbs = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = (ROOT / document).read_text()
    named = set(re.findall(r"`make ([a-z][a-z-]*)", text)) | set(
        re.findall(r"^make ([a-z][a-z-]*)", text, re.MULTILINE)
    )
    assert named - verbs == set()


PLUMBING = frozenset(
    {
        "access",
        "children",
        "commands",
        "documents",
        "editing",
        "legacy_text",
        "message_settings",
        "migrations",
        "outbox",
        "privacy",
        "work",
    }
)
"""Folders of roster_api that are no matter of the domain: who may, what runs, where things are kept."""


def test_every_domain_folder_has_its_word_in_the_table_of_words() -> None:
    """`need_reviews` is the word "need review"; an apostrophe and a plural say no more."""
    domain = (ROOT / "docs" / "domain.md").read_text()
    table = re.search(r"^## Words$(.*?)^## ", domain, re.MULTILINE | re.DOTALL)
    assert table is not None
    words = " ".join(re.findall(r"^\| ([^|]+) \|", table[1], re.MULTILINE)).lower().replace("'s", "")
    roster_api = ROOT / "services" / "roster-api" / "roster_api"
    folders = {path.parent.name for path in tracked_files() if path.parent.parent == roster_api}
    assert len(folders) > 30, "they are looked for where they are"
    names = {name.replace("_", " ") for name in folders - PLUMBING}
    assert [name for name in sorted(names) if singular(name) not in words] == []


def singular(name: str) -> str:
    return re.sub(r"ies$", "y", name) if name.endswith("ies") else name.removesuffix("s")
