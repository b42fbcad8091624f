"""Fixtures of the matching worker's tests."""

from collections.abc import Iterator

import pytest

from tests.matching_worker.in_process import solving_in_process


@pytest.fixture(scope="module")
def solving_here() -> Iterator[None]:
    """Of a module that asks what is planned, and not how a child is run."""
    with solving_in_process():
        yield
