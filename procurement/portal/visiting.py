"""The basket of a visit from a procurement system: what is in it, and what hinders its going back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flask import render_template
from werkzeug.wrappers import Response

from procurement.kernel.clock import today_in, utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.planning.queries.shop import pack_badges
from procurement.planning.rules.badges import Badge, Stock
from procurement.portal.lines import Line, lines_of, total_of
from procurement.portal.prices import price_book_for
from procurement.sales.operations.placing import preview_order
from procurement.sales.operations.wanting import WantedLine
from procurement.sales.queries.baskets import basket_of, basket_rows
from procurement.sales.queries.buyers import own_currency
from procurement.sales.queries.punchout import part_facts
from procurement.sales.rules.order_terms import Standing
from procurement.sales.terms.punchout import BasketItem, Visit
from procurement.settings.queries import get_company
from procurement.web.transactions import read

_AT_LINE = re.compile(r"lines\.([0-9]+)\.")


@dataclass(frozen=True, slots=True)
class VisitBasket:
    """What is in it; while it is held it does not go back as it is: for the whole, or for lines (by pack)."""

    lines: Sequence[Line]
    currency: str
    problems: tuple[str, ...] = ()
    at_line: Mapping[int, str] = field(default_factory=dict)
    standing: Standing | None = None
    freight: Money | None = None  # what bringing it costs, before tax

    @property
    def is_held(self) -> bool:
        return bool(self.problems or self.at_line)

    @property
    def words(self) -> str:
        """All that holds it."""
        return " ".join(dict.fromkeys((*self.problems, *self.at_line.values())))


def read_basket(session: ReadSession, visit: Visit) -> VisitBasket:
    packs = basket_of(session, actor=visit.actor)
    book = price_book_for(session, set(packs), visit.actor)
    lines = lines_of(basket_rows(session, packs), book)
    basket = VisitBasket(lines, own_currency(session, visit.actor))
    if not lines:
        return basket
    wanted = tuple(WantedLine(one.row.product, one.row.packs, one.row.pack) for one in lines)
    preview = preview_order(session, actor=visit.actor, at=utc_now(), lines=wanted)
    whole: list[str] = []
    at_line: dict[int, str] = {}
    for error in preview.problems:
        found = _AT_LINE.match(error.field)
        if found and int(found[1]) < len(lines):
            at_line.setdefault(lines[int(found[1])].row.pack_id, error.message)
        else:
            whole.append(error.message)
    return replace(
        basket,
        problems=tuple(dict.fromkeys(whole)),
        at_line=at_line,
        standing=preview.standing,
        freight=preview.freight,
    )


def visit_basket(visit: Visit) -> Response:
    """The page of the basket, for a visit."""
    with read() as session:
        basket = read_basket(session, visit)
    page = render_template(
        "portal/basket.html",
        visit=visit,
        lines=basket.lines,
        problems=basket.problems,
        at_line=basket.at_line,
        is_held=basket.is_held,
        may_ask=False,
        left={},
        may_change=visit.may_change,
        sees_prices=True,
        standing=basket.standing,
        total=total_of(basket.lines),
        freight=basket.freight if basket.freight and basket.freight.minor else None,
    )
    return Response(page, content_type="text/html; charset=utf-8")


def items_of(session: ReadSession, basket: VisitBasket) -> list[BasketItem]:
    """The lines as the procurement system is told them; those without a price are not among them."""
    facts = part_facts(session, {one.row.pack_id for one in basket.lines})
    at = utc_now()
    badges = pack_badges(session, {one.product_id for one in facts.values()}, at=at)
    today = today_in(get_company(session).time_zone, at)
    return [
        BasketItem(
            sku=one.row.product,
            pack=one.row.pack,
            pack_name=one.row.pack_name,
            name=one.row.product_name,
            size=one.row.size,
            packs=one.row.packs,
            price=one.tag.price,
            manufacturer_part=facts[one.row.pack_id].gtin,
            manufacturer=facts[one.row.pack_id].brand,
            category=facts[one.row.pack_id].category,
            lead_days=_lead_days(badges.get(one.row.pack_id), today),
        )
        for one in basket.lines
        if one.tag is not None
    ]


def _lead_days(badge: Badge | None, today: date) -> int | None:
    """Days until it can leave us; None where nobody knows."""
    if badge is None or badge.stock is Stock.NONE:
        return None
    if badge.stock is Stock.DUE:
        return max(0, (badge.due_on - today).days) if badge.due_on else None
    return badge.days if badge.stock is Stock.TO_ORDER else 0
