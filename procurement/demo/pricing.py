"""The demo's day spas: rules on top of the lists, tax certificates, a quote that waits, a customer kept twice."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.catalogue.terms import Kind
from procurement.demo import goods
from procurement.demo.cast import Cast
from procurement.kernel.clock import today_in
from procurement.kernel.money import Money, Rate
from procurement.sales.operations.approval_rules import NewQuoteRule, add_quote_rule
from procurement.sales.operations.approving import ask_for_approval
from procurement.sales.operations.customers import (
    AddressInput,
    ContactInput,
    SaveCustomer,
    create_customer,
)
from procurement.sales.operations.exemptions import KeepExemption, keep_exemption
from procurement.sales.operations.groups import SaveGroup, save_group
from procurement.sales.operations.lines import QuoteLineInput
from procurement.sales.operations.noting import log_note
from procurement.sales.operations.price_rules import SavePriceRule, create_price_rule
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.rules.customers import NoteKind
from procurement.sales.rules.price_rules import CostBasis, RuleKind
from procurement.sales.rules.taxing import ExemptionKind
from procurement.sales.terms import AddressKind, CustomerKind, DeliveryTerm
from procurement.settings.queries import get_company

GROUP = "DAYSPAS"


def agree_with_groups(session: Session, cast: Cast, *, at: datetime) -> None:
    """After the other quotes, which the rules shall not touch."""
    _set_rules(session, cast, at)
    _welcome(session, cast, at)
    _keep_certificates(session, cast, at)
    _quote(session, cast, at)


def _set_rules(session: Session, cast: Cast, at: datetime) -> None:
    save_group(session, SaveGroup(GROUP, "Groups of day spas"), actor=cast.seller, at=at)
    rules = (
        SavePriceRule(
            name="Day spas, from six",
            kind=RuleKind.DISCOUNT,
            percent=Rate.parse("8"),
            group=GROUP,
            from_packs=6,
            basis=CostBasis.SUPPLIER_PRICE,
            least_margin=Rate.parse("15"),
        ),
        SavePriceRule(
            name="One tool, worked out from its cost",
            kind=RuleKind.COST_PLUS,
            percent=Rate.parse("45"),
            group=GROUP,
            product=_dearest(Kind.TOOL),
            basis=CostBasis.SUPPLIER_PRICE,
        ),
    )
    for rule in rules:
        create_price_rule(session, rule, actor=cast.seller, at=at)
    above = NewQuoteRule(
        discount_above=Rate.parse("15"),
        amount_above=Money(2_500_000, get_company(session).currency),
    )
    add_quote_rule(session, above, actor=cast.administrator, at=at)


def _welcome(session: Session, cast: Cast, at: datetime) -> None:
    phone = "+1 805 555 0142"
    palm = SaveCustomer(
        code="PALMGROVE",
        name="Palm Grove Day Spas",
        kind=CustomerKind.SPA_OWNER,
        email="buying@palmgrove.example",
        phone=phone,
        price_list=None,
        group=GROUP,
        payment_days=30,
        discount_days=10,
        discount=Rate.parse("2"),
        credit_limit=Money(1_500_000, get_company(session).currency),
        delivery_term=DeliveryTerm.DAP,
        delivery_place="Ojai, California",
        contacts=(
            ContactInput("Dolores Avila", "Head of buying", "dolores@palmgrove.example", phone),
        ),
        addresses=(
            AddressInput(
                AddressKind.DELIVERY,
                street="410 Canyon Road",
                city="Ojai",
                region="CA",
                postal_code="93023",
                country="US",
            ),
        ),
    )
    twin = SaveCustomer(
        code="PALM-OJAI", name="Palm Grove Day Spa", kind=CustomerKind.SPA_OWNER, phone=phone
    )
    cedar = SaveCustomer(
        code="CEDARSALT",
        name="Cedar & Salt Retreat",
        kind=CustomerKind.WELLNESS_CENTRE,
        email="hello@cedarsalt.example",
        group=GROUP,
        addresses=(
            AddressInput(
                AddressKind.DELIVERY,
                street="7 Alder Lane",
                city="Bend",
                region="OR",
                postal_code="97701",
                country="US",
            ),
        ),
    )
    for command in (palm, twin, cedar):
        create_customer(session, command, actor=cast.seller, at=at)
    said = "Wants the winter prices before the stores close on the 20th."
    log_note(session, "PALMGROVE", NoteKind.CALL, said, actor=cast.seller, at=at)


def _keep_certificates(session: Session, cast: Cast, at: datetime) -> None:
    today = today_in(get_company(session).time_zone, at)
    papers = (
        KeepExemption(
            customer="PALMGROVE",
            kind=ExemptionKind.RESALE,
            number="SR-AC-104-220871",
            jurisdiction="US-CA",
            valid_until=today + timedelta(days=21),
            verified=True,
        ),
        KeepExemption(
            customer="CEDARSALT",
            kind=ExemptionKind.EXEMPT,
            number="OR-EX-5518",
            jurisdiction="US-OR",
            reason="non-profit retreat",
            valid_until=today - timedelta(days=9),
            verified=True,
        ),
    )
    for paper in papers:
        keep_exemption(session, paper, actor=cast.seller, at=at)


def _quote(session: Session, cast: Cast, at: datetime) -> None:
    """Eighteen percent off what the rules say: above what a seller gives alone."""
    lines = (
        QuoteLineInput(product=_dearest(Kind.OIL), packs=24, discount=Rate.parse("18")),
        QuoteLineInput(product=_dearest(Kind.TOOL), packs=2, own_use=True),
    )
    quote = draft_quote(
        session, DraftQuote(customer="PALMGROVE", lines=lines), actor=cast.seller, at=at
    )
    note = "Their first order for four houses; the next ones are at the usual price."
    ask_for_approval(session, quote.number, note, actor=cast.seller, at=at)


def _dearest(kind: Kind) -> str:
    """The SKU of the dearest of a kind that is bought from somebody, so that its cost is known."""
    sold = [one for one in goods.products() if one.kind == kind and one.buys]
    return max(sold, key=lambda one: (one.packs[0].price, one.sku)).sku
