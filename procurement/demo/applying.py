"""The demo's companies that ask for a trade account: one waits, one was refused."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.demo.cast import Cast
from procurement.kernel.actor import PUBLIC
from procurement.sales.operations.applications import (
    ApplyForAccount,
    apply_for_account,
    refuse_application,
)
from procurement.sales.terms import CustomerKind


def apply(session: Session, cast: Cast, *, at: datetime) -> None:
    reseller = ApplyForAccount(
        company="Bargain Bodycare Online",
        kind=CustomerKind.INDIVIDUAL,
        name="Max Handler",
        email="max@bargainbody.example",
        country="DE",
        message="We sell on marketplaces and need your lowest prices.",
    )
    refused = apply_for_account(session, reseller, actor=PUBLIC, at=at - timedelta(days=6))
    reason = "We supply treatment rooms, and do not sell to marketplaces."
    refuse_application(
        session, refused.number, reason, actor=cast.seller, at=at - timedelta(days=5)
    )
    spa = ApplyForAccount(
        company="Saltmarsh Baths",
        kind=CustomerKind.WELLNESS_CENTRE,
        name="Ingrid Aasgaard",
        email="ingrid@saltmarsh.example",
        country="IE",
        phone="+353 61 000 0148",
        vat_id="IE6388047V",
        homepage="saltmarsh.example",
        street="2 Estuary Road",
        postal_code="V94 X2R8",
        city="Limerick",
        message="Six treatment rooms, opening in March. We use about eight litres of oil a month.",
    )
    apply_for_account(session, spa, actor=PUBLIC, at=at - timedelta(hours=20))
