"""The demo's terms of selling: what small things are sold in."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.catalogue.operations.saving import save_products
from procurement.catalogue.rules.drafts import Drafts
from procurement.catalogue.terms import OrderRuleDraft, PackDraft
from procurement.demo.cast import Cast

RULES = {
    ("DSP-PAD", "SLV100"): OrderRuleDraft(step=6, most=240),
    ("DSP-TPR", "ROLL"): OrderRuleDraft(step=3),
    ("DSP-SPA", "BOX250"): OrderRuleDraft(least=2),
}


def set_terms(session: Session, cast: Cast, *, at: datetime) -> None:
    """Cotton pads in sixes, table paper in threes."""
    packs = {(sku, code): PackDraft(sku, code, rule=rule) for (sku, code), rule in RULES.items()}
    save_products(session, {}, Drafts({}, packs), actor=cast.manager, at=at)
