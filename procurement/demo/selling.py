"""The demo's trade: price lists, customers, enquiries, and quotes in every state."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from procurement.catalogue.terms import Kind
from procurement.demo import goods, house
from procurement.demo.cast import Cast
from procurement.demo.days import moment
from procurement.demo.house import DemoContact, DemoPriceList
from procurement.demo.rows import Row, read
from procurement.kernel.actor import PUBLIC, SYSTEM
from procurement.kernel.money import Rate, UnitPrice
from procurement.sales.operations.answering import (
    Answer,
    accept_quote,
    cancel_quote,
    decline_quote,
    expire_quotes,
)
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
    leave_message,
)
from procurement.sales.operations.inbox import answer_enquiry, lose_enquiry, quote_enquiry
from procurement.sales.operations.issuing import IssueQuote, issue_quote, revise_quote
from procurement.sales.operations.lines import QuoteLineInput
from procurement.sales.operations.price_lists import (
    PriceInput,
    SavePriceList,
    create_price_list,
)
from procurement.sales.operations.quoting import (
    ChangeQuote,
    DraftQuote,
    change_quote,
    draft_quote,
)
from procurement.sales.terms import AddressKind, CustomerKind, LineChoice, LossReason


def set_prices(session: Session, cast: Cast, *, at: datetime) -> None:
    """Every pack of every product has a price on every list."""
    for price_list in house.price_lists():
        create_price_list(
            session,
            SavePriceList(
                code=price_list.code,
                name=price_list.name,
                currency=price_list.currency,
                is_default=price_list.is_default,
                prices=tuple(_prices(price_list)),
            ),
            actor=cast.seller,
            at=at,
        )


def _prices(price_list: DemoPriceList) -> list[PriceInput]:
    steps = [(1, price_list.percent), *price_list.breaks]
    prices = []
    for product in goods.products():
        for pack in product.packs:
            before = None
            for packs, percent in steps if product.kind != Kind.SERVICE else steps[:1]:
                share = goods.share_of(pack.price, percent)
                if share == before:
                    continue  # of a few cents five percent are nothing
                before = share
                price = UnitPrice.parse(f"{share:f}", price_list.currency)
                prices.append(PriceInput(product.sku, price, pack.code, packs))
    return prices


def welcome_customers(session: Session, cast: Cast, *, at: datetime) -> dict[str, int]:
    """The customers, with their key by code."""
    return {
        customer.code: create_customer(session, _customer(customer), actor=cast.seller, at=at).id
        for customer in house.customers()
    }


def _customer(customer: DemoContact) -> SaveCustomer:
    return SaveCustomer(
        code=customer.code,
        name=customer.name,
        kind=CustomerKind(customer.kind),
        email=customer.email,
        phone=customer.phone,
        vat_id=customer.vat_number,
        price_list=customer.price_list,
        contacts=(
            ContactInput(customer.contact, customer.contact_role, customer.email, customer.phone),
        ),
        addresses=(
            AddressInput(
                AddressKind.BILLING,
                street=customer.street,
                postal_code=customer.postcode,
                city=customer.city,
                country=customer.country,
            ),
        ),
    )


def leave_messages(session: Session, cast: Cast, *, at: datetime) -> None:
    """What visitors wrote, oldest first; the youngest nobody has answered yet."""
    for said in sorted(house.enquiries(), key=lambda one: -one.hours_ago):
        received = at - timedelta(hours=said.hours_ago)
        message = LeaveMessage(
            name=said.name,
            email=said.email,
            kind=CustomerKind(said.kind),
            message=said.message,
            products=tuple(AskedProduct(sku) for sku in said.products),
            consent=CONSENT,
        )
        enquiry = leave_message(session, message, actor=PUBLIC, at=received)
        session.flush()  # what becomes of it is looked up by its number
        later = received + timedelta(hours=2)
        if said.ending == "answered":
            answer_enquiry(session, enquiry.number, said.answer, actor=cast.seller, at=later)
        elif said.ending == "lost":
            reason = LossReason.NO_BUSINESS
            lose_enquiry(session, enquiry.number, reason, actor=cast.seller, at=later)
        elif said.ending == "quoted":
            quote_enquiry(session, enquiry.number, actor=cast.seller, at=later)


@dataclass(frozen=True, slots=True)
class Offering:
    """One quote of the data file, and the days its story happens on."""

    row: Row
    session: Session
    cast: Cast
    at: datetime
    public_url: str

    def day(self, key: str) -> datetime | None:
        """The moment so many days ago; what happened today happened just now."""
        ago = self.row.whole_or_none(key)
        if ago is None:
            return None
        if ago == 0:
            return self.at
        day: date = self.at.date() - timedelta(days=ago)
        return moment(house.sites()[0], day, 15, 20)

    def tax_code(self, product: str) -> str | None:
        """Whoever has a VAT number of another state is taxed by rule."""
        if self.customer.vat_number:
            return None
        return "B" if goods.by_sku()[product].kind == "service" else "A"

    @property
    def customer(self) -> DemoContact:
        code = self.row.text("customer")
        return next(one for one in house.customers() if one.code == code)

    def lines(self, key: str) -> tuple[QuoteLineInput, ...]:
        return tuple(
            QuoteLineInput(
                product=product,
                packs=int(packs),
                pack=pack,
                discount=Rate.parse(discount),
                section=section,
                choice=LineChoice.OPTIONAL if key == "options" else LineChoice.INCLUDED,
                tax_code=self.tax_code(product),
            )
            for section, product, pack, packs, discount in self.row.lists(key)
        )

    def draft(self) -> str:
        drafted = self.day("drafted_days_ago") or self.day("issued_days_ago")
        assert drafted is not None
        quote = draft_quote(
            self.session,
            DraftQuote(
                customer=self.row.text("customer"),
                lines=(*self.lines("lines"), *self.lines("options")),
                valid_until=drafted.date() + timedelta(days=self.row.whole("valid_days")),
                introduction=self.row.text("introduction", ""),
            ),
            actor=self.cast.seller,
            at=drafted,
        )
        return quote.number

    def issue(self, number: str, at: datetime) -> None:
        command = IssueQuote(number=number, public_url=self.public_url)
        issue_quote(self.session, command, actor=self.cast.seller, at=at)

    def revise(self, number: str, at: datetime) -> None:
        """A second revision, with more on it; today's is still being written."""
        quote = revise_quote(self.session, number, actor=self.cast.seller, at=at)
        self.session.flush()  # the change below names the version it has read
        lines = (*self.lines("lines"), *self.lines("added"), *self.lines("options"))
        change_quote(
            self.session,
            ChangeQuote(
                number=number,
                version=quote.version,
                valid_until=quote.valid_until,
                lines=lines,
                contact_id=quote.contact_id,
                introduction=quote.introduction,
                terms=quote.terms,
            ),
            actor=self.cast.seller,
            at=at,
        )
        if at < self.at:
            self.issue(number, at)

    def end(self, number: str, at: datetime) -> None:
        """What the customer said, or what time did."""
        ending, reason = self.row.text("ending"), self.row.text("reason", "")
        answer = Answer(name=self.customer.contact)
        seller = self.cast.seller
        if ending == "accepted":
            accept_quote(self.session, number, answer, actor=seller, at=at)
        elif ending == "declined":
            refusal = replace(answer, reason=reason)
            decline_quote(self.session, number, refusal, actor=seller, at=at)
        elif ending == "cancelled":
            cancel_quote(self.session, number, reason, actor=seller, at=at)
        elif ending == "expired":
            expire_quotes(self.session, actor=SYSTEM, at=at)


def make_offers(session: Session, cast: Cast, *, at: datetime, public_url: str) -> None:
    """Tell each quote's story from its draft to its end."""
    for row in read("quotes.toml").rows("quote"):
        offering = Offering(row, session, cast, at, public_url)
        number = offering.draft()
        if issued := offering.day("issued_days_ago"):
            offering.issue(number, issued)
        if revised := offering.day("revised_days_ago"):
            offering.revise(number, revised)
        if ended := offering.day("ending_days_ago"):
            offering.end(number, ended)
