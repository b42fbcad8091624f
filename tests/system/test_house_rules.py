"""Rules of the house that no linter knows: licences, the lock, what a commit may name."""

import inspect
import re
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute, iter_route_contexts
from roster_api.app import create_app
from roster_api.settings import Settings

from tests.support.tracked import ROOT, tracked_files


def test_no_installed_package_is_under_a_licence_of_the_gpl_family() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pinned = {name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
    offenders = []
    for distribution in distributions():
        meta = distribution.metadata
        stated = " ".join(
            [text[:200] for name in ("License-Expression", "License") for text in meta.get_all(name) or []]
            + [line for line in meta.get_all("Classifier") or [] if line.startswith("License")]
        )
        if meta["Name"].lower().replace("_", "-") in pinned and re.search(r"\bA?L?GPL", stated):
            offenders.append((meta["Name"], stated))
    assert offenders == []


def test_every_pin_in_the_lock_carries_a_hash() -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements.lock").read_text().strip())
    assert len(entries) > 50
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def list_matches(pattern: str) -> list[Path]:
    """Tracked files whose text matches, relative to the root."""
    compiled = re.compile(pattern)
    return [
        path.relative_to(ROOT)
        for path in tracked_files()
        if compiled.search(path.read_bytes().decode("utf-8", "ignore"))
    ]


def test_no_tracked_file_names_a_registry_host() -> None:
    hosts = ["pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "deb" + r"\.debian\.org"]
    assert list_matches("|".join(hosts)) == []


def test_no_tracked_file_names_a_home_directory_or_this_checkout() -> None:
    homes = ["/ho" + "me/[a-z]", "/Us" + "ers/[A-Z]", r"(?<![\w.])/ro" + "ot/", re.escape(str(ROOT))]
    assert list_matches("|".join(homes)) == []


def is_awaited(call: Any) -> bool:
    """An object's `__call__` counts as itself; a class is a shape that is made in place."""
    asked = call if inspect.isfunction(call) or inspect.ismethod(call) else type(call).__call__
    return any(kind(asked) for kind in (inspect.iscoroutinefunction, inspect.isasyncgenfunction)) or inspect.isclass(
        call
    )


def test_no_dependency_of_a_route_waits_for_a_thread() -> None:
    """A plain `def` as a dependency costs every request a turn in a pool of threads."""
    app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1/none", environment="development"))
    routes = [context.original_route for context in iter_route_contexts(app.routes)]
    waiting = [part for route in routes if isinstance(route, APIRoute) for part in route.dependant.dependencies]
    plain = set()
    while waiting:
        dependant = waiting.pop()
        waiting.extend(dependant.dependencies)
        if dependant.call is not None and not is_awaited(dependant.call):
            plain.add(getattr(dependant.call, "__qualname__", str(dependant.call)))
    assert waiting == []
    assert plain == set()


def test_only_the_tests_of_the_benchmarks_import_them() -> None:
    importing = list_matches(r"(?m)^\s*(from|import) bench\b")
    assert [path for path in importing if path.parts[0] != "bench" and path.parts[:2] != ("tests", "bench")] == []
