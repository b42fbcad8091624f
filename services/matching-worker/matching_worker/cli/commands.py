"""The command line: `matching-worker serve | health | solve | check | explain`.

Exit status of solve: 0 optimal, 2 feasible with a gap, 3 infeasible (with the conflict), 1 bad input (which field,
why), 4 the solver failed and no checked plan is left.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from commune_schemas.documents import InfeasibleSolution
from commune_service.logging import configure_logging
from pydantic import BaseModel

from matching_worker.child.process import ChildTerms, SolverFailed, solve_in_child
from matching_worker.child.stages import AnyProblem, get_stage
from matching_worker.cli.explain import explain_plan
from matching_worker.cli.files import read_problem, read_solution, write_document
from matching_worker.cli.interrupts import STOP
from matching_worker.cli.summary import describe_conflict, summarize
from matching_worker.model.certificate import certify, conflict_data
from matching_worker.model.outcome import Limits, Outcome, ProblemError, Progress, Status
from matching_worker.settings import Settings

BAD_INPUT, SOLVER_FAILED = 1, 4
EXIT_STATUS = {Status.OPTIMAL: 0, Status.FEASIBLE: 2, Status.INFEASIBLE: 3}


class ProgressLine:
    """One line on standard error that keeps itself up to date; one line a second where nobody watches."""

    def __init__(self) -> None:
        self._is_watched = sys.stderr.isatty()
        self._last = 0.0

    def show(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._last < (0.1 if self._is_watched else 1.0):
            return
        self._last = now
        objective = "-" if progress.objective is None else " ".join(f"{k}={v}" for k, v in progress.objective.items())
        gap = "" if progress.gap is None else f" gap={progress.gap:.2%}"
        line = f"{progress.stage} {progress.seconds:6.1f}s {progress.level}: {objective}{gap}"
        print(f"\r\033[K{line[:150]}" if self._is_watched else line, end=self._end(), file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._is_watched and self._last:
            print(file=sys.stderr)

    def _end(self) -> str:
        return "" if self._is_watched else "\n"


def solve(arguments: argparse.Namespace) -> int:
    problem, remarks = read_problem(arguments.problem)
    stage = get_stage(problem)
    warm_start = None if arguments.warm_start is None else read_solution(arguments.warm_start, stage)
    if isinstance(warm_start, InfeasibleSolution):
        warm_start = None
    limits = Limits(
        time_seconds=arguments.time_limit, work=arguments.work_limit, seed=arguments.seed, workers=arguments.workers
    )
    outcome = asyncio.run(solve_with_progress(problem, warm_start, limits, arguments.memory_mb))
    if outcome.solution is None and outcome.status is Status.FEASIBLE:
        raise SolverFailed(
            "timeout",
            "Hết giới hạn mà chưa tìm được phương án nào, cũng chưa chứng minh được là không có.",
            "A limit was reached before any plan was found, and before it was proved that there is none.",
        )
    outcome = replace(outcome, notes=(*outcome.notes, *remarks))
    verdict = None if outcome.solution is None else stage.verify(problem, outcome.solution)
    certificate = certify(stage.letter, problem, outcome, limits=limits, verdict=verdict)
    certificate_path = arguments.certificate or arguments.out.with_suffix(".certificate.json")
    write_document(certificate_path, certificate)
    if not certificate.verified:
        found = "; ".join(verdict.violations) if verdict else ""
        raise SolverFailed(
            "verification",
            f"Phương án không qua được kiểm tra độc lập. {found}",
            f"The plan failed the independent check. {found}",
        )
    write_document(arguments.out, outcome.solution or InfeasibleSolution(conflict=conflict_data(outcome)))
    print("\n".join(summarize(outcome, certificate)))
    return EXIT_STATUS[outcome.status]


async def solve_with_progress(
    problem: AnyProblem, warm_start: BaseModel | None, limits: Limits, memory_mb: int
) -> Outcome:
    """Solve in a child process, showing progress."""
    line = ProgressLine()
    try:
        return await solve_in_child(
            problem,
            limits=limits,
            warm_start=warm_start,
            terms=ChildTerms(memory_mb=memory_mb),
            listener=line.show,
            stop=STOP,
        )
    finally:
        line.close()


def check(arguments: argparse.Namespace) -> int:
    """Status 0: the plan keeps every rule; 1: it does not; 3: the file states that there is no plan."""
    problem, _ = read_problem(arguments.problem)
    stage = get_stage(problem)
    solution = read_solution(arguments.solution, stage)
    if isinstance(solution, InfeasibleSolution):
        print("Tài liệu nói rằng không có phương án. / The document states that there is no plan.")
        return EXIT_STATUS[Status.INFEASIBLE]
    verdict = stage.verify(problem, solution)
    for violation in verdict.violations:
        print(f"vi phạm / violation: {violation}")
    print(" ".join(f"{level}={value}" for level, value in verdict.objective.items()))
    print("Phương án hợp lệ. / The plan is valid." if verdict.accepted else "Phương án KHÔNG hợp lệ. / NOT valid.")
    return 0 if verdict.accepted else BAD_INPUT


def explain(arguments: argparse.Namespace) -> int:
    problem, _ = read_problem(arguments.problem)
    solution = read_solution(arguments.solution, get_stage(problem))
    if isinstance(solution, InfeasibleSolution):
        print("\n".join(describe_conflict(solution)))
        return EXIT_STATUS[Status.INFEASIBLE]
    told = explain_plan(
        problem,
        solution,
        commune=arguments.commune,
        person=arguments.person,
        school=arguments.school,
        resolve=arguments.resolve,
    )
    if arguments.json:
        said = {"data": told.data, "text_vi": told.vi, "text_en": told.en}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        print(f"{told.vi}\n\n{told.en}")
    return 0


def serve(arguments: argparse.Namespace) -> int:
    del arguments
    from matching_worker.worker import serve as work  # noqa: PLC0415 - arq is for the service alone

    settings = Settings()
    configure_logging(service="matching-worker", as_json=settings.matching_log_json)
    asyncio.run(work(settings))
    return 0


def health(arguments: argparse.Namespace) -> int:
    """Status 0 when a worker of this name (or, without one, any worker) showed a sign of life in the last seconds."""
    from matching_worker.worker import is_alive  # noqa: PLC0415

    alive = asyncio.run(is_alive(Settings().redis_url, name=arguments.name))
    print("alive" if alive else "no sign of life")
    return 0 if alive else 1


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="matching-worker", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("serve", help="take matching runs from the queue until SIGTERM")
    command.set_defaults(run=serve)

    command = commands.add_parser("health", help="is a worker alive? (looks in Redis)")
    command.add_argument("--name", help="MATCHING_NAME of the worker asked about")
    command.set_defaults(run=health)

    command = commands.add_parser("solve", help="solve a problem document of any stage")
    command.add_argument("problem", type=Path)
    command.add_argument("--out", type=Path, required=True, help="where the solution goes")
    command.add_argument("--certificate", type=Path, help="where the certificate goes; default beside the solution")
    command.add_argument("--time-limit", type=positive_float, metavar="SECONDS")
    command.add_argument("--work-limit", type=positive_int, metavar="N", help="deterministic limit")
    command.add_argument("--seed", type=natural_int, default=0)
    command.add_argument("--workers", type=positive_int, default=1)
    command.add_argument("--warm-start", type=Path, metavar="SOLUTION", help="an earlier solution to start from")
    command.add_argument("--memory-mb", type=positive_int, default=4096)
    command.set_defaults(run=solve)

    command = commands.add_parser("check", help="check a solution from the two documents alone")
    command.add_argument("problem", type=Path)
    command.add_argument("solution", type=Path)
    command.set_defaults(run=check)

    command = commands.add_parser("explain", help="why a plan is as it is, for one commune")
    command.add_argument("problem", type=Path)
    command.add_argument("solution", type=Path)
    command.add_argument("--commune", required=True, help="the commune asked about")
    command.add_argument("--person", help="placement, secondment: why this person does not serve there")
    command.add_argument("--school", help="responsibility: why this school does not lead it")
    command.add_argument(
        "--resolve", action="store_true", help="also solve again without its school, or without who fills a post"
    )
    command.add_argument("--json", action="store_true", help="as data, with the words in it")
    command.set_defaults(run=explain)
    return parser


def positive_float(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError(text)
    return value


def positive_int(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def natural_int(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**31:
        raise ValueError(text)
    return value


def main(argv: Sequence[str] | None = None) -> int:
    try:
        arguments = make_parser().parse_args(argv)
    except SystemExit as end:  # argparse's own status for a bad command line is 2, which here means "feasible"
        return BAD_INPUT if end.code else 0
    try:
        status: int = arguments.run(arguments)
    except ProblemError as error:
        place = error.pointer or "/"
        print(f"Dữ liệu sai tại {place}: {error.vi}\nBad input at {place}: {error.en}", file=sys.stderr)
        return BAD_INPUT
    except SolverFailed as failure:
        print(f"{failure.vi}\n{failure.en}", file=sys.stderr)
        return SOLVER_FAILED
    return status


if __name__ == "__main__":
    sys.exit(main())
