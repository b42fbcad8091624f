"""Blocks of text with facts in them, written by people: checked before they are kept, filled in within limits.

A block may name facts, ask `if`, go through a list once (no loop within a loop) and use a few filters. Nothing else is
understood: no attributes, no calls, no assignments, no arithmetic. So what a block can cost is bounded by its length,
and nothing of the program can be reached from it.
"""

from collections.abc import Collection, Mapping, Sequence

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

Fact = str | int | bool | Sequence[str]
Facts = Mapping[str, Fact]

LONGEST_SOURCE = 6_000
LONGEST_OUTPUT = 20_000
FILTERS = ("upper", "lower", "join", "length", "first", "last")
ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.For, nodes.Filter,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip
OWN_NAMES = frozenset({"self", "loop", "super", "caller"})
"""Jinja's own, which are no facts."""


class BlockError(ValueError):
    """A block that cannot be kept or filled in. `code` names why; `detail` what in it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


class _Sandbox(ImmutableSandboxedEnvironment):
    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:  # noqa: ARG002 - Jinja's signature
        return False

    def is_safe_callable(self, obj: object) -> bool:  # noqa: ARG002 - as above
        return False


def _make(*, escapes: bool) -> _Sandbox:
    made = _Sandbox(autoescape=escapes, undefined=StrictUndefined, keep_trailing_newline=False)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.tests = {name: made.tests[name] for name in ("defined",)}
    return made


PLAIN = _make(escapes=False)
"""Text comes out as it is: whoever puts it into HTML escapes it there."""


def check_block(source: str, *, known: Collection[str]) -> set[str]:
    """The facts that the block names. BlockError where it is too long, not understood, or names what is not known."""
    if len(source) > LONGEST_SOURCE:
        raise BlockError("template.too_long", str(LONGEST_SOURCE))
    try:
        tree = PLAIN.parse(source)
    except TemplateError as error:
        raise BlockError("template.not_understood", str(error)) from None
    _refuse_others(tree, is_in_loop=False)
    try:
        PLAIN.from_string(source)
    except TemplateError as error:  # a filter that is not there
        raise BlockError("template.not_understood", str(error)) from None
    named = find_undeclared_variables(tree)
    if unknown := sorted(named - set(known)):
        raise BlockError("template.unknown_fact", ", ".join(unknown))
    return named


def fill_in(source: str, facts: Facts) -> str:
    """The block with its facts. BlockError where one is missing, or the text becomes too long."""
    parts, length = [], 0
    try:
        for part in PLAIN.from_string(source).generate(dict(facts)):
            parts.append(part)
            length += len(part)
            if length > LONGEST_OUTPUT:
                raise BlockError("template.too_long", str(LONGEST_OUTPUT))
    except (TemplateError, TypeError, ValueError) as error:
        if isinstance(error, BlockError):
            raise
        raise BlockError("template.not_filled", type(error).__name__) from None
    return "".join(parts)


def _refuse_others(node: nodes.Node, *, is_in_loop: bool) -> None:
    if not isinstance(node, ALLOWED):
        raise BlockError("template.not_allowed", type(node).__name__)
    if isinstance(node, nodes.Name) and node.name in OWN_NAMES:
        raise BlockError("template.not_allowed", node.name)
    if isinstance(node, nodes.For):
        if is_in_loop or node.recursive:
            raise BlockError("template.not_allowed", "loop in a loop")
        is_in_loop = True
    for child in node.iter_child_nodes():
        _refuse_others(child, is_in_loop=is_in_loop)
