"""What keeps HiGHS's presolve from misleading it, for every stage that hands it a programme with whole columns.

HiGHS 1.13 to 1.15.1 may lose an equality row when it fixes columns by enumeration: a plan that breaks the row then
stands for an optimum, or an empty branch for a proof. It mostly notices at the end, and gives up with a solve error.
"""

from typing import Any

OPTIONS: dict[str, Any] = {"presolve_rule_off": 1 << 16}
"""Without enumeration."""


def run(highs: Any) -> None:
    """Solve; once more without presolve where HiGHS itself found that presolve had misled it."""
    import highspy  # noqa: PLC0415 - cannot share a process with OR-Tools: on first use only

    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kSolveError:
        highs.setOptionValue("presolve", "off")
        highs.run()
        highs.setOptionValue("presolve", "choose")
