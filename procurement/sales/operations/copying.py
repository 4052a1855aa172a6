"""Beginning a quote from another: copies for any customer, and templates."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from procurement.audit.operations import record
from procurement.catalogue.terms import ProductStatus
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, NotFound
from procurement.kernel.money import Rate, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.sales.models import Customer, Quote, QuoteLine, QuoteTemplate, QuoteTemplateLine
from procurement.sales.operations.lines import OfferInput, QuoteLineInput
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.queries.offers import OfferedProduct, offered_products
from procurement.sales.queries.quotes import no_such_quote
from procurement.sales.terms import LineKind, PaperLook


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyQuote:
    """A revision as the beginning of a new quote. No customer: the same one, who keeps the prices agreed."""

    number: str
    revision: int | None = None
    customer: str | None = None


def copy_quote(session: Session, command: CopyQuote, *, actor: Actor, at: datetime) -> Quote:
    """Another draft with the same lines; for another customer at the prices of their own list."""
    actor.require(Permission.SELL)
    quote, code = _source(session, command)
    same = command.customer in (None, "", code)
    products = _products(session, {line.product_id for line in quote.lines})
    lines = tuple(_line(line, products, quote.currency, priced=same) for line in quote.lines)
    drafted = draft_quote(
        session,
        DraftQuote(
            customer=command.customer or code,
            lines=lines,
            currency=quote.currency if same else None,
            contact_id=quote.contact_id if same else None,
            introduction=quote.introduction if same else "",
            terms=quote.terms,
            wishes=quote.wishes if same else None,
            look=quote.look if same else PaperLook(cover=quote.cover),
            ask_prices=True,
        ),
        actor=actor,
        at=at,
    )
    record(session, "copy quote", drafted.number, f"from {quote.label}", actor=actor, at=at)
    return drafted


def _source(session: Session, command: CopyQuote) -> tuple[Quote, str]:
    query = (
        select(Quote, Customer.code)
        .join(Customer, Customer.id == Quote.customer_id)
        .where(Quote.number == command.number)
        .order_by(Quote.revision.desc())
        .limit(1)
        .options(selectinload(Quote.lines).options(joinedload(QuoteLine.offers)))
    )
    if command.revision is not None:
        query = query.where(Quote.revision == command.revision)
    found = session.execute(query).one_or_none()
    if found is None:
        raise no_such_quote()
    return found[0], found[1]


def _products(session: Session, keys: set[int | None]) -> dict[int, OfferedProduct]:
    found = offered_products(session, ids={key for key in keys if key})
    return {product.id: product for product in found.values()}


def _line(
    line: QuoteLine, products: dict[int, OfferedProduct], currency: str, *, priced: bool
) -> QuoteLineInput:
    """The line as somebody would type it: a price only where it is not the list's."""
    if line.product_id is None or line.pack_id is None:
        return QuoteLineInput(kind=line.kind, text=line.text, section=line.section)
    product = products[line.product_id]
    agreed = priced and line.kind is LineKind.PRODUCT and line.price_e4 != line.list_price_e4
    return QuoteLineInput(
        product=product.sku,
        pack=product.pack_by_id(line.pack_id).code,
        packs=line.packs,
        price=UnitPrice(line.price_e4, currency) if agreed and line.price_e4 is not None else None,
        discount=Rate(line.discount_bp if priced else 0),
        tax_code=line.tax_code if priced and not line.tax_reason else None,
        section=line.section,
        note=line.note,
        kind=line.kind,
        choice=line.choice,
        choice_group=line.choice_group,
        chosen=line.chosen,
        own_use=line.own_use,
        text=line.text,
        offers=tuple(
            OfferInput(
                offer.packs,
                UnitPrice(offer.price_e4, currency) if priced else None,
                Rate(offer.discount_bp if priced else 0),
            )
            for offer in line.offers
        ),
    )


def save_template(
    session: Session, number: str, name: str, *, actor: Actor, at: datetime
) -> QuoteTemplate:
    """Keep the newest revision's lines and words under a name."""
    actor.require(Permission.SELL)
    quote, _ = _source(session, CopyQuote(number=number))
    template = QuoteTemplate(
        name=text.name(name, "name"),
        introduction=quote.introduction,
        terms=quote.terms,
        locale=quote.locale,
        cover=quote.cover,
        made_at=at,
        made_by=actor.name[:200],
        lines=[
            QuoteTemplateLine(
                position=line.position,
                section=line.section,
                kind=line.kind,
                choice=line.choice,
                choice_group=line.choice_group,
                chosen=line.chosen,
                product_id=line.product_id,
                pack_id=line.pack_id,
                packs=line.packs,
                offers=" ".join(str(offer.packs) for offer in line.offers),
                own_use=line.own_use,
                text=line.text,
                note=line.note,
            )
            for line in quote.lines
        ],
    )
    session.add(template)
    session.flush()  # a second template of that name is refused here
    record(session, "keep quote template", template.name, quote.label, actor=actor, at=at)
    return template


def draft_from_template(
    session: Session, template_id: int, customer: str, *, actor: Actor, at: datetime
) -> Quote:
    """A new quote with the template's lines, at the customer's prices; what is no longer sold is left out."""
    actor.require(Permission.SELL)
    template = session.scalar(
        select(QuoteTemplate)
        .where(QuoteTemplate.id == template_id)
        .options(selectinload(QuoteTemplate.lines))
    )
    if template is None:
        raise NotFound("There is no such template.")
    products = _products(session, {line.product_id for line in template.lines})
    lines = tuple(
        _template_line(line, products)
        for line in template.lines
        if line.product_id is None or products[line.product_id].status is ProductStatus.ACTIVE
    )
    return draft_quote(
        session,
        DraftQuote(
            customer=customer,
            lines=lines,
            introduction=template.introduction,
            terms=template.terms,
            look=PaperLook(template.locale, template.cover),
            ask_prices=True,
        ),
        actor=actor,
        at=at,
    )


def _template_line(line: QuoteTemplateLine, products: dict[int, OfferedProduct]) -> QuoteLineInput:
    product = products.get(line.product_id) if line.product_id else None
    return QuoteLineInput(
        product=product.sku if product else "",
        pack=product.pack_by_id(line.pack_id).code if product and line.pack_id else None,
        packs=line.packs,
        section=line.section,
        note=line.note,
        kind=line.kind,
        choice=line.choice,
        choice_group=line.choice_group,
        chosen=line.chosen,
        own_use=line.own_use,
        text=line.text,
        offers=tuple(OfferInput(int(packs)) for packs in line.offers.split()),
    )


def drop_template(session: Session, template_id: int, *, actor: Actor, at: datetime) -> None:
    """Take a template away; quotes begun from it stay."""
    actor.require(Permission.SELL)
    template = session.get(QuoteTemplate, template_id, options=[selectinload(QuoteTemplate.lines)])
    if template is None:
        raise Conflict("That template is gone already.")
    session.delete(template)
    record(session, "drop quote template", template.name, actor=actor, at=at)
