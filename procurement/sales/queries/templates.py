"""The templates there are, to begin a quote from."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.models import QuoteTemplate, QuoteTemplateLine


@dataclass(frozen=True, slots=True)
class TemplateRow:
    id: int
    name: str
    lines: int
    made_at: datetime
    made_by: str


def quote_templates(session: ReadSession, *, actor: Actor) -> list[TemplateRow]:
    """All of them, by name."""
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        select(QuoteTemplate, func.count(QuoteTemplateLine.position))
        .outerjoin(QuoteTemplateLine, QuoteTemplateLine.template_id == QuoteTemplate.id)
        .group_by(QuoteTemplate.id)
        .order_by(QuoteTemplate.name)
    )
    return [TemplateRow(one.id, one.name, lines, one.made_at, one.made_by) for one, lines in rows]
