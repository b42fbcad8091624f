"""Solve stage E: a greedy proposal at once, then the flow of days that leaves least unmet and travels least, proved."""

from importlib.metadata import version

import numpy as np
from commune_schemas.documents import BorderDocument, BorderSolution

from matching_worker.model.border.flow import find_flow, find_prices
from matching_worker.model.border.problem import Integers, Market, read_market
from matching_worker.model.outcome import SILENT, Limits, Monitor, Outcome, Progress, Status

STOPPED = (
    "Dừng trước khi chứng minh được tối ưu: giữ đề xuất tìm nhanh. / "
    "Stopped before the optimum was proved: the greedy proposal is kept."
)


def solve(
    problem: BorderDocument,
    *,
    limits: Limits,
    warm_start: BorderSolution | None = None,
    monitor: Monitor = SILENT,
) -> Outcome:
    """Optimal, with proof, unless stopped; then greedy. A warm start has nothing to speed up here and is ignored."""
    del warm_start
    market = read_market(problem)
    greedy = give_greedily(market)
    first = make_solution(market, greedy, None)
    monitor.report(Progress("E", "unmet", measure(market, greedy), None, None, monitor.seconds(), first))
    days = find_flow(market, limits=limits, monitor=monitor) if len(market.need) else greedy
    prices = None if days is None else find_prices(market, days)
    if days is None or prices is None:
        days = greedy
    objective = measure(market, days)
    bound = objective if prices else {"unmet": weigh_hopeless(market), "travel_km": 0}
    monitor.report(Progress("E", "travel_km", objective, bound, 0.0 if prices else None, monitor.seconds()))
    return Outcome(
        status=Status.OPTIMAL if prices else Status.FEASIBLE,
        solution=make_solution(market, days, prices),
        objective=objective,
        bound=bound,
        solver=f"HiGHS {version('highspy')}, proved by integer prices",
        seconds=monitor.seconds(),
        notes=() if prices else (STOPPED,),
        statistics={"needs": len(market.need_ids), "staff": len(market.staff_ids), "pairs": len(market.need)},
    )


def give_greedily(market: Market) -> Integers:
    """Days by pair: the most pressing need first, from the nearest staff."""
    days = np.zeros(len(market.need), dtype=np.int64)
    spare, wanted = market.spare.copy(), market.wanted.copy()
    for pair in np.lexsort((market.staff, market.need, market.km, -market.priority[market.need])).tolist():
        need, staff = market.need[pair], market.staff[pair]
        days[pair] = min(spare[staff], wanted[need])
        spare[staff] -= days[pair]
        wanted[need] -= days[pair]
    return days


def measure(market: Market, days: Integers) -> dict[str, int]:
    asked = int((market.priority * market.wanted).sum())
    met = int((market.priority[market.need] * days).sum())
    return {"unmet": asked - met, "travel_km": int((market.km * days).sum())}


def weigh_hopeless(market: Market) -> int:
    """The weight of needs that nobody may serve."""
    hopeless = np.setdiff1d(np.arange(len(market.need_ids)), market.need)
    return int((market.priority * market.wanted)[hopeless].sum())


def make_solution(market: Market, days: Integers, prices: tuple[Integers, Integers] | None) -> BorderSolution:
    """Prices that are zero are left out."""
    of_needs, of_staff = prices or (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    return BorderSolution(
        support=sorted(
            (commune, market.staff_ids[market.staff[pair]], field, int(days[pair]))
            for pair in np.flatnonzero(days).tolist()
            for commune, field in [market.need_ids[market.need[pair]]]
        ),
        need_prices=[(*market.need_ids[index], int(of_needs[index])) for index in np.flatnonzero(of_needs).tolist()],
        staff_prices=[(market.staff_ids[index], int(of_staff[index])) for index in np.flatnonzero(of_staff).tolist()],
    )
