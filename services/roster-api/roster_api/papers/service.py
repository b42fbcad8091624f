"""Decisions about the papers of a plan: who states their facts, when, and what they are made from."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import NotFoundError
from roster_api.etags import check_version
from roster_api.papers.content import read_content
from roster_api.papers.decision import write_decision
from roster_api.papers.models import DecisionPaper
from roster_api.papers.schemas import DecisionContent, DecisionFacts, DecisionOut
from roster_api.papers.usual import make_usual_articles, make_usual_facts
from roster_api.plans.models import Plan, PlanStatus
from roster_api.plans.visibility import IN_FORCE, get_visible_plan
from roster_api.state_words import refuse_state


async def describe_decision(session: AsyncSession, plan: Plan) -> tuple[DecisionOut, int]:
    """The decision's facts and its row's version: what is usual, and 0, where nobody has stated them."""
    refuse_unpublished(plan)
    paper = await session.get(DecisionPaper, plan.id)
    if paper is not None:
        return _show(paper), paper.row_version
    content = await read_content(session, plan)
    facts = make_usual_facts(content).model_copy(update={"articles": make_usual_articles(content)})
    return _describe(plan.id, facts, content, None), 0


async def state_decision(
    session: AsyncSession, *, principal: Principal, plan_id: UUID, facts: DecisionFacts, if_match: str | None
) -> tuple[DecisionOut, int]:
    """Keep the facts; the first time the plan's rows with them, which later statements leave as they are.

    The same facts again change nothing.

    409 of a plan that was never published; 412 when `if_match` names another version than the present one.
    """
    plan = await get_visible_plan(session, principal, plan_id)
    refuse_unpublished(plan)
    await session.execute(sa.select(Plan.id).where(Plan.id == plan_id).with_for_update(key_share=True))
    paper = await session.get(DecisionPaper, plan_id)
    content = DecisionContent.model_validate(paper.listed) if paper else await read_content(session, plan)
    if facts.articles is None:
        facts = facts.model_copy(update={"articles": make_usual_articles(content)})
    kept = facts.model_dump(mode="json")
    if paper is None:
        paper = DecisionPaper(
            plan_id=plan_id, facts=kept, listed=content.model_dump(mode="json"), written_by=principal.label
        )
        session.add(paper)
    elif if_match is not None:
        check_version(paper, if_match)
    if paper.facts != kept:
        now = await ask_now(session)
        paper.facts, paper.written_by, paper.written_at = kept, principal.label, now
    await session.flush()
    await session.refresh(paper)
    return _show(paper), paper.row_version


async def read_decision(session: AsyncSession, plan: Plan) -> Callable[[], bytes]:
    """What makes the docx; to be called outside the transaction, in a thread. 404 before its facts were stated."""
    refuse_unpublished(plan)
    paper = await session.get(DecisionPaper, plan.id)
    if paper is None:
        raise NotFoundError(
            "decision.not_written",
            vi="Quyết định này chưa có căn cứ, người ký: hãy nhập (PUT /v1/plans/{id}/decision) rồi tải lại.",
            en="The decision has no legal bases and no signer yet: state them first (PUT /v1/plans/{id}/decision).",
        )
    return partial(
        write_decision,
        plan.id,
        DecisionFacts.model_validate(paper.facts),
        DecisionContent.model_validate(paper.listed),
    )


def refuse_unpublished(plan: Plan) -> None:
    if plan.status not in IN_FORCE:
        thing = ("Chưa lập được quyết định: phương án", "No decision can be made: the plan")
        raise refuse_state("decision.not_published", thing=thing, state=plan.status, wanted=(PlanStatus.PUBLISHED,))


def _show(paper: DecisionPaper) -> DecisionOut:
    return _describe(
        paper.plan_id,
        DecisionFacts.model_validate(paper.facts),
        DecisionContent.model_validate(paper.listed),
        paper,
    )


def _describe(
    plan_id: UUID, facts: DecisionFacts, content: DecisionContent, paper: DecisionPaper | None
) -> DecisionOut:
    return DecisionOut(
        plan_id=plan_id,
        is_written=paper is not None,
        facts=facts,
        communes=len(content.communes),
        schools=len({name for row in content.communes for name in (row.lead, *row.supports)}),
        people=len(content.people),
        written_at=paper.written_at if paper else None,
        written_by=paper.written_by if paper else None,
        written_by_id=paper.written_by_id if paper else None,
    )
