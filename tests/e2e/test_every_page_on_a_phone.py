"""Every page once more, in English and on a phone; a file of its own, so that another worker walks at the same time."""

import pytest

from tests.e2e.conftest import MakeVisitor
from tests.e2e.test_every_page import check_every_page
from tests.e2e.world import ROLES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_right_for_everybody_on_a_phone_in_english(visit: MakeVisitor, role: str) -> None:
    check_every_page(visit(role, language="en", phone=True))
