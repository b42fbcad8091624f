"""A request without a query string: what its parameters come to is the same each time, and reckoned once.

FastAPI looks for every declared parameter in every request, and puts each default through its checks anew: for a list
with ten filters that takes as long as its statement does.
"""

from dataclasses import replace
from functools import partial

from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from starlette.datastructures import QueryParams


def without_query(dependant: Dependant) -> Dependant | None:
    """The same, with each parameter of the query as it is where there is none; None where one has to be sent.

    The values are shared by all requests: whoever takes them changes nothing in them.
    """
    values, errors = request_params_to_args(dependant.query_params, QueryParams(""))
    subs = [sub for each in dependant.dependencies if (sub := without_query(each)) is not None]
    if errors or len(subs) < len(dependant.dependencies):
        return None
    call = partial(dependant.call, **values) if values and dependant.call else dependant.call
    return replace(dependant, query_params=[], dependencies=subs, call=call)
