"""Insight: what buyers search and do not find, baskets left behind, what is looked at and not asked for."""

from datetime import timedelta
from urllib.parse import quote

from flask import render_template, request
from werkzeug.wrappers import Response

from procurement.backoffice.catalogue.synonyms import may_edit
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.catalogue.rules.wording import counted
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Permission
from procurement.sales.queries.abandoned import AbandonedBasket, abandoned_baskets
from procurement.sales.queries.interest import products_viewed, searches_in_vain, searches_made
from procurement.sales.rules.interest import ABANDONED_AFTER, KEPT
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.filters import today
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read

bp = Door(
    "insight",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.SEE_SALES,
    url_prefix="/insight",
)

PERIODS = (7, 30, KEPT.days)
HEADER = ("search", "times", "not_found", "customers", "last")


@bp.get("/")
def index() -> str | Response:
    actor, at = current_actor(), utc_now()
    days = _days()
    since = at - timedelta(days=days)
    with read() as session:
        if wanted_format():
            made = searches_made(session, since, actor=actor, most=10_000)
            cells = [(r.text, r.times, r.missed, r.customers, r.last_at.isoformat()) for r in made]
            return export("searches", HEADER, cells)
        vain = searches_in_vain(session, since, actor=actor)
        made = searches_made(session, since, actor=actor)
        baskets = abandoned_baskets(session, actor=actor, at=at, on=today())
        viewed = products_viewed(session, since, actor=actor)
    return render_template(
        "backoffice/sales/insight.html",
        tabs=sales_tabs("insight"),
        days=days,
        periods=PERIODS,
        vain=vain,
        made=made,
        baskets=[(basket, _mail(basket)) for basket in baskets.rows],
        all_baskets=baskets.total,
        viewed=viewed,
        kept_days=KEPT.days,
        left_days=ABANDONED_AFTER.days,
        may_add=may_edit(actor),
        exports=export_urls(),
    )


def _days() -> int:
    """One of the periods; anything else in the address is the middle one."""
    written = request.args.get("days", "")
    return int(written) if written in {str(days) for days in PERIODS} else PERIODS[1]


def _mail(basket: AbandonedBasket) -> str:
    """A letter to begin with, opened in the seller's own mail program."""
    company = current_company().name
    lines = [f"- {row.product_name}: {counted(row.packs, row.pack_name)}" for row in basket.rows]
    body = "\n".join(
        [
            f"Dear {basket.buyer},",
            "",
            "you have put these aside with us:",
            *lines[:20],
            "",
            "Is there anything we can help you with?",
            "",
            company,
        ]
    )
    subject = quote(f"Your basket at {company}")
    return f"mailto:{quote(basket.email, safe='@')}?subject={subject}&body={quote(body)}"
