"""docs/rights.md: who may call which route, in a table that is read and changed on purpose.

Renewed by: python -m tests.roster_api.rights_page
"""

from roster_api.access.principal import Role
from roster_api.access.rules import RULES, is_open_to_groups
from roster_api.access.rules.kinds import EVERYBODY, Rule

from tests.support.tracked import ROOT

PAGE = ROOT / "docs" / "rights.md"
HEAD = """# Who may call what

Every route of roster-api and the roles that may call it ([access.md](access.md) says what each sees there).
`roster_api/access/rules/` decides; a test compares this table with it, so that nobody gets or loses a right unseen.
*Everybody*: each role of a person. *Group*: open to an overseer who sees the own oversight group alone.

| route | who | group |
| --- | --- | --- |
"""


def name_roles(rule: Rule) -> str:
    if isinstance(rule, str):
        return f"*{rule}*"
    if rule == EVERYBODY:
        return "*everybody*"
    return ", ".join(role.value for role in Role if role in rule)


def write_page() -> str:
    rows = [
        f"| {method} {path} | {name_roles(rule)} | {'yes' if is_open_to_groups((method, path)) else ''} |"
        for (method, path), rule in sorted(RULES.items(), key=lambda item: (item[0][1], item[0][0]))
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(write_page())
