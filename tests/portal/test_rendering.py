"""The templates' own ways with names and calls."""

from typing import Any

import pytest
from commune_portal.rendering import make_templates
from jinja2 import UndefinedError, pass_context
from jinja2.runtime import Context


class Words:
    def say(self, vi: str, en: str) -> str:
        return f"{vi}|{en}"

    @pass_context
    def of_context(self, context: Context, name: str) -> str:
        return str(context[name])


def draw(source: str, **facts: Any) -> str:
    return make_templates(lambda name: name).from_string(source).render(language="vi", **facts)


def test_a_name_of_a_dict_is_its_entry_before_it_is_a_method() -> None:
    assert draw("{{ page.items }} {{ page.get('total') }}", page={"items": "hàng", "total": 3}) == "hàng 3"


def test_a_name_that_a_dict_does_not_have_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        draw("{{ page.missing }}", page={"items": 1})


def test_methods_are_called_alike_in_a_loop_a_block_and_a_macro() -> None:
    source = (
        "{% macro m() %}{{ say('c', en='d') }}{% endmacro %}"
        "{% for n in [1, 2] %}{% set own = n %}{{ say('a', 'b') }};{% endfor %}"
        "{% block x %}{{ m() }}{% endblock %}"
    )
    assert draw(source, say=Words().say) == "a|b;a|b;c|d"


def test_a_method_that_wants_the_context_gets_it() -> None:
    assert draw("{{ of_context('language') }}", of_context=Words().of_context) == "vi"
