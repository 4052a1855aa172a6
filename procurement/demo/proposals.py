"""What a quote can hold, told once: alternatives, several quantities, options, a sample, words; with a question.

And two enquiries as they come in: one that somebody has been given, one of a buyer who says what a pack should cost.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.catalogue.terms import Wishes
from procurement.demo import house
from procurement.demo.cast import Cast
from procurement.demo.founding import actor_of
from procurement.kernel.actor import PUBLIC
from procurement.kernel.money import Rate, UnitPrice
from procurement.kernel.permissions import Role
from procurement.sales.operations.copying import save_template
from procurement.sales.operations.customers import (
    AddressInput,
    ContactInput,
    SaveCustomer,
    create_customer,
)
from procurement.sales.operations.enquiries import (
    CONSENT,
    AskedProduct,
    LeaveMessage,
    RequestQuote,
    leave_message,
    request_quote,
)
from procurement.sales.operations.inbox import assign_enquiry
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.operations.lines import OfferInput, QuoteLineInput
from procurement.sales.operations.questions import ask_by_link
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.terms import AddressKind, CustomerKind, LineChoice, LineKind

_OILS, _TABLES, _TAUGHT = "Öle und Lotionen", "Werkzeug und Wäsche", "Schulung"


def show_proposals(session: Session, cast: Cast, *, at: datetime, public_url: str) -> None:
    """The latest of the demo's quotes and enquiries."""
    _welcome(session, cast, at=at - timedelta(days=8))
    _offer(session, cast, at=at - timedelta(days=3), public_url=public_url)
    _hand_over(session, cast, at=at - timedelta(hours=7))
    _hope(session, at=at - timedelta(hours=3))


def _welcome(session: Session, cast: Cast, *, at: datetime) -> None:
    customer = SaveCustomer(
        code="WALDHAUS",
        name="Waldhaus am Schliersee",
        kind=CustomerKind.WELLNESS_CENTRE,
        email="einkauf@waldhaus.example",
        phone="+49 8026 000 0142",
        price_list="WHOLESALE-EUR",
        locale="de",
        contacts=(
            ContactInput("Katharina Brandl", "Leiterin des Spa", "k.brandl@waldhaus.example"),
        ),
        addresses=(
            AddressInput(
                AddressKind.BILLING,
                street="Seestraße 14",
                postal_code="83727",
                city="Schliersee",
                country="DE",
            ),
        ),
    )
    create_customer(session, customer, actor=cast.seller, at=at)


def _offer(session: Session, cast: Cast, *, at: datetime, public_url: str) -> None:
    seller = cast.seller
    command = DraftQuote(
        customer="WALDHAUS",
        lines=_lines(),
        introduction=(
            "Liebe Frau Brandl, vielen Dank für das Gespräch. Beim Öl haben wir zwei Wege"
            " gerechnet, die Handtücher in drei Mengen."
        ),
        wishes=Wishes(fragrance_free=True),
    )
    quote = draft_quote(session, command, actor=seller, at=at)
    issue = IssueQuote(number=quote.number, public_url=public_url)
    issue_quote(session, issue, actor=seller, at=at)
    name = "Ausstattung für zwei Räume"
    save_template(session, quote.number, name, actor=seller, at=at + timedelta(minutes=4))
    assert quote.link_token is not None
    question = "Können Sie die Handtücher auch in Anthrazit liefern, und was kostet der Versand?"
    asked = at + timedelta(days=1, hours=2)
    ask_by_link(session, quote.link_token, "Katharina Brandl", question, at=asked)


def _lines() -> tuple[QuoteLineInput, ...]:
    alternative = LineChoice.ALTERNATIVE
    return (
        QuoteLineInput(
            product="OIL-ALM",
            pack="CASE12",
            packs=4,
            section=_OILS,
            choice=alternative,
            choice_group="A",
            chosen=True,
        ),
        QuoteLineInput(
            product="OIL-ALM",
            pack="CASE4GAL",
            packs=2,
            section=_OILS,
            choice=alternative,
            choice_group="A",
            note="in Kanistern, für Pumpen",
        ),
        QuoteLineInput(
            product="LOT-ARN", pack="CASE4GAL", packs=1, discount=Rate(500), section=_OILS
        ),
        QuoteLineInput(
            product="OIL-LEG-100",
            packs=2,
            section=_OILS,
            kind=LineKind.SAMPLE,
            note="zum Kennenlernen",
        ),
        QuoteLineInput(
            kind=LineKind.TEXT,
            section=_TABLES,
            text="Alles ab Lager. Größere Mengen Wäsche kommen in zwei Lieferungen.",
        ),
        QuoteLineInput(product="TOL-HST-36", pack="CASE3", packs=1, section=_TABLES),
        QuoteLineInput(
            product="LIN-BTH-SAG",
            pack="CASE10",
            packs=3,
            section=_TABLES,
            own_use=True,
            offers=(OfferInput(6, discount=Rate(300)), OfferInput(12, discount=Rate(700))),
        ),
        QuoteLineInput(
            product="LIN-ROB-M",
            pack="CASE6",
            packs=1,
            section=_TABLES,
            choice=LineChoice.OPTIONAL,
            text="Bademäntel, Größe M; andere Größen auf Anfrage.",
        ),
        QuoteLineInput(product="SRV-TRN-CLF", packs=1, section=_TAUGHT, choice=LineChoice.OPTIONAL),
    )


def _hand_over(session: Session, cast: Cast, *, at: datetime) -> None:
    """Somebody sells who has been given it, by the manager of the house."""
    message = LeaveMessage(
        name="Pádraig Moran",
        email="padraig@strandbaths.example",
        kind=CustomerKind.WELLNESS_CENTRE,
        company="Strand Seaweed Baths",
        message="We open four rooms in March. Which oil stands heat, and what does it cost a treatment?",
        products=(AskedProduct("OIL-SUN", "CASE6", 6), AskedProduct("TOL-HST-36")),
        consent=CONSENT,
    )
    enquiry = leave_message(session, message, actor=PUBLIC, at=at)
    session.flush()  # what becomes of it is looked up by its number
    seller = next(one for one in house.users() if one.role == Role.SALES)
    later = at + timedelta(hours=1)
    assign_enquiry(session, enquiry.number, seller.email, actor=cast.administrator, at=later)


def _hope(session: Session, *, at: datetime) -> None:
    """What the buyer's basket should cost."""
    buyer = next(one for one in house.users() if one.role == Role.WHOLESALE_BUYER)
    lines = (
        AskedProduct("OIL-ALM", "CASE12", 10, UnitPrice.parse("105.00", "EUR")),
        AskedProduct("LIN-BTH-SAG", "CASE10", 4, UnitPrice.parse("52.50", "EUR")),
        AskedProduct("TOL-GUA-JAD", "CASE10", 1),
    )
    request = RequestQuote(
        lines=lines, message="If we take ten cases of almond oil at once, can you meet this?"
    )
    request_quote(session, request, actor=actor_of(session, buyer.email), at=at)
