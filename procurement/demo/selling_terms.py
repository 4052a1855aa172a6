"""The demo's terms of selling: what small things are sold in, the least an order comes to, what bringing it costs."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.catalogue.operations.saving import save_products
from procurement.catalogue.rules.drafts import Drafts
from procurement.catalogue.terms import OrderRuleDraft, PackDraft
from procurement.demo.cast import Cast
from procurement.kernel.money import Money
from procurement.sales.operations.order_terms import SetOrderTerms, set_order_terms

RULES = {
    ("DSP-PAD", "SLV100"): OrderRuleDraft(step=6, most=240),
    ("DSP-TPR", "ROLL"): OrderRuleDraft(step=3),
    ("DSP-SPA", "BOX250"): OrderRuleDraft(least=2),
}
TERMS = (
    SetOrderTerms(
        currency="EUR",
        opening=Money(15_000, "EUR"),
        reorder=Money(2_500, "EUR"),
        freight=Money(890, "EUR"),
        free_from=Money(25_000, "EUR"),
    ),
    SetOrderTerms(currency="USD", freight=Money(1_450, "USD"), free_from=Money(40_000, "USD")),
)


def set_terms(session: Session, cast: Cast, *, at: datetime) -> None:
    """Cotton pads in sixes, table paper in threes; delivery for 8.90, from 250 for nothing."""
    packs = {(sku, code): PackDraft(sku, code, rule=rule) for (sku, code), rule in RULES.items()}
    save_products(session, {}, Drafts({}, packs), actor=cast.manager, at=at)
    for terms in TERMS:
        set_order_terms(session, terms, actor=cast.administrator, at=at)
