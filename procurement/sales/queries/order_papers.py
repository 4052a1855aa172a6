"""The papers of an order: confirmation, proforma, pick list, and the delivery note of each shipment."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from procurement.catalogue.rules.wording import base_of, base_quantity, price_per_unit
from procurement.documents.content import (
    Amount,
    Note,
    Price,
    QuoteContent,
    QuoteLine,
    QuoteSection,
    TaxLine,
    Totals,
)
from procurement.documents.figures import figures
from procurement.documents.goods_list import render_goods_list
from procurement.documents.goods_list_content import GoodsListContent, GoodsListLine
from procurement.documents.languages import words_for
from procurement.documents.languages.delivering import Delivering, delivering_words
from procurement.documents.languages.tax_names import taxed_words
from procurement.documents.languages.taxing import untaxed_words
from procurement.documents.languages.words import Words
from procurement.documents.quote import render_quote
from procurement.files.queries import PDF, Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, Rate
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity, Unit
from procurement.sales.models import Address, Customer, Quote, SalesOrder, Shipment
from procurement.sales.queries.offers import OfferedProduct, offered_products
from procurement.sales.queries.own_codes import codes_on_order
from procurement.sales.queries.picking import pick_rows
from procurement.sales.queries.sales_orders import sales_order_page
from procurement.sales.queries.shipments import shipment_page
from procurement.sales.rules.speaking import pack_said, paper_locale
from procurement.sales.rules.totals import PricedLine, add_up
from procurement.sales.rules.untaxed import UntaxedLine, reasons_said
from procurement.sales.terms import AddressKind
from procurement.sales.terms.orders import (
    OrderLineRow,
    PickRow,
    SalesOrderPage,
    SalesOrderStatus,
    ShipmentLineRow,
)
from procurement.settings.queries import get_company, letterhead
from procurement.settings.terms import CompanyProfile, RoundingRule

PROFORMA_DAYS = 30  # how long a proforma says it stands


def confirmation_paper(session: ReadSession, number: str, *, actor: Actor) -> Paper:
    """The confirmation as it was sent; a draft's is drawn now and marked."""
    actor.require(Permission.SEE_SALES)
    page = sales_order_page(session, number, actor=actor)
    pdf_id = session.scalar(select(SalesOrder.pdf_id).where(SalesOrder.number == number))
    kept = kept_paper(session, pdf_id) if pdf_id else None
    if kept is not None and page.status is not SalesOrderStatus.CANCELLED:
        return kept
    return _drawn(f"{number}.pdf", render_quote(confirmation_content(session, page)))


def proforma_paper(session: ReadSession, number: str, *, actor: Actor, at: datetime) -> Paper:
    """What the order comes to, before anything is shipped: for customs, or for whoever pays first."""
    actor.require(Permission.SEE_SALES)
    page = sales_order_page(session, number, actor=actor)
    content = _priced(session, page, at=at, is_proforma=True)
    return _drawn(f"{number}-proforma.pdf", render_quote(content))


def pick_list_paper(session: ReadSession, number: str, *, actor: Actor, at: datetime) -> Paper:
    """What is reserved for an order, by place and lot, in our own language."""
    page = sales_order_page(session, number, actor=actor)
    company = get_company(session)
    said, words = delivering_words(company.locale), words_for(company.locale)
    content = GoodsListContent(
        letterhead=letterhead(session, company),
        recipient=tuple(page.deliver_to.splitlines()),
        title=said.pick_list,
        number=number,
        issued_on=today_in(company.time_zone, at),
        data=(
            (said.order, number),
            (said.your_order, page.customer_ref),
            (said.delivery, _day(page.wanted_on, company.locale)),
        ),
        heads=said.heads,
        use_by=said.use_by,
        lines=tuple(
            _to_pick(position, row, words)
            for position, row in enumerate(pick_rows(session, number, actor=actor, at=at), start=1)
        ),
        locale=company.locale,
        notes=page.note_to_us,
        to_sign=said.picked_by,
    )
    return _drawn(f"{number}-pick.pdf", render_goods_list(content))


def delivery_note_paper(session: ReadSession, number: str, *, actor: Actor) -> Paper:
    """The delivery note of a shipment, with every lot and its date; as it was kept unless it was taken back."""
    page = shipment_page(session, number, actor=actor)
    pdf_id = session.scalar(select(Shipment.pdf_id).where(Shipment.number == number))
    kept = kept_paper(session, pdf_id) if pdf_id and page.reversed_at is None else None
    if kept is not None:
        return kept
    pdf = render_goods_list(delivery_note_content(session, number, actor=actor))
    return _drawn(f"{number}.pdf", pdf)


def delivery_note_content(session: ReadSession, number: str, *, actor: Actor) -> GoodsListContent:
    page = shipment_page(session, number, actor=actor)
    order = sales_order_page(session, page.head.order, actor=actor)
    company = get_company(session)
    locale = order_locale(session, order.number, company)
    said, words = delivering_words(locale), words_for(locale)
    codes = codes_on_order(session, order.number)
    sent_with = ", ".join(filter(None, (page.head.carrier, page.head.tracking)))
    return GoodsListContent(
        letterhead=letterhead(session, company),
        recipient=tuple(page.deliver_to.splitlines()),
        title=said.delivery_note,
        number=number,
        issued_on=today_in(company.time_zone, page.head.shipped_at),
        data=(
            (said.shipment, number),
            (said.date, _day(today_in(company.time_zone, page.head.shipped_at), locale)),
            (said.order, page.head.order),
            (said.your_order, page.customer_ref),
            (said.sent_with, sent_with),
        ),
        heads=said.heads,
        use_by=said.use_by,
        lines=tuple(
            _sent(line, said, words, codes.get(line.order_position, "")) for line in page.lines
        ),
        locale=locale,
        notes=page.note,
        to_sign=said.to_sign,
        watermark=said.reversed if page.reversed_at else "",
    )


def confirmation_content(session: ReadSession, page: SalesOrderPage) -> QuoteContent:
    """Everything the confirmation says; a draft is marked as one."""
    return _priced(session, page, at=page.confirmed_at or page.drafted_at, is_proforma=False)


def _priced(
    session: ReadSession, page: SalesOrderPage, *, at: datetime, is_proforma: bool
) -> QuoteContent:
    company = get_company(session)
    locale = order_locale(session, page.number, company)
    said, words = delivering_words(locale), taxed_words(words_for(locale), company.country)
    on = today_in(company.time_zone, at)
    rule = RoundingRule(
        session.scalar(select(SalesOrder.rounding_rule).where(SalesOrder.number == page.number))
    )
    totals = add_up([priced_row(line) for line in page.lines], page.currency, rule)
    title = said.proforma if is_proforma else said.confirmation
    is_draft = page.status is SalesOrderStatus.DRAFT and not is_proforma
    return QuoteContent(
        letterhead=letterhead(session, company),
        recipient=_bill_to(session, page),
        number=page.number,
        issued_on=on,
        valid_until=on + timedelta(days=PROFORMA_DAYS),
        currency=page.currency,
        totals=Totals(page.net.decimal, page.tax.decimal, page.gross.decimal),
        sections=(_section(session, page, words, said, locale),),
        locale=locale,
        title=title,
        data=(
            (said.order, page.number),
            (said.date, _day(on, locale)),
            (said.your_order, page.customer_ref),
            (said.quotation, page.quote or ""),
            (said.delivery, _day(page.wanted_on, locale)),
            (words.contact, _contact(page, company)),
        ),
        intro=page.note_to_customer,
        tax_word=words.vat,
        taxes=tuple(
            TaxLine(
                row.code,
                Decimal(row.rate.percent),
                Money(row.net, page.currency).decimal,
                Money(row.tax, page.currency).decimal,
            )
            for row in totals.taxes
        ),
        untaxed=reasons_said(
            (
                UntaxedLine(str(line.position), line.tax_code, line.tax_category, line.tax_detail)
                for line in page.lines
            ),
            untaxed_words(locale),
        ),
        rounding=words.rounding_line if rule is RoundingRule.LINE else words.rounding_document,
        terms=tuple(_terms(page, said, is_proforma=is_proforma)),
        watermark=words.draft if is_draft else "",
    )


def priced_row(line: OrderLineRow) -> PricedLine:
    return PricedLine(
        price=line.price,
        packs=line.packs,
        discount=line.discount,
        tax_code=line.tax_code,
        tax=line.tax,
    )


def _terms(page: SalesOrderPage, said: Delivering, *, is_proforma: bool) -> Iterable[Note]:
    if page.deliver_to:
        yield Note(said.deliver_to, page.deliver_to)
    if is_proforma:
        yield Note(said.proforma, said.prepay_note if page.waits_for_money else said.proforma_note)


def _section(
    session: ReadSession, page: SalesOrderPage, words: Words, said: Delivering, locale: str
) -> QuoteSection:
    products = offered_products(session, ids={line.product_id for line in page.lines})
    codes = codes_on_order(session, page.number)
    lines = (_line(line, products[line.product], words, said, locale) for line in page.lines)
    return QuoteSection(
        lines=tuple(
            replace(
                line,
                detail="\n".join(
                    filter(None, (*_told(codes.get(row.position, ""), said), line.detail))
                ),
            )
            for row, line in zip(page.lines, lines, strict=True)
        )
    )


def _told(own_code: str, said: Delivering) -> list[str]:
    """The customer's own code, where they have one."""
    return [said.your_code.format(code=own_code)] if own_code else []


def _line(
    line: OrderLineRow, product: OfferedProduct, words: Words, said: Delivering, locale: str
) -> QuoteLine:
    day = f"{said.delivery}: {_day(line.wanted_on, locale)}" if line.wanted_on else ""
    pack = product.pack_by_id(line.pack_id)
    base = base_of(pack.size, product.unit, product.others(pack))
    per_unit = price_per_unit(line.price, base) if base else None
    return QuoteLine(
        number=str(line.position),
        name=line.product_name,
        sku=line.product,
        packs=Amount(Decimal(line.packs), pack_said(words, pack.name, line.packs)),
        price=Price(
            per_pack=Decimal(line.price.amount),
            pack=pack_said(words, pack.name, 1),
            per_unit=per_unit,
            unit=pack_said(words, base.word, 1) if base and per_unit is not None else "",
        ),
        net=line.net.decimal,
        tax_code=line.tax_code,
        detail="\n".join(filter(None, (line.note, day))),
        base=Amount(*base_quantity(base, line.packs)) if base else None,
        discount=Decimal(line.discount.percent) if line.discount != Rate(0) else None,
    )


def _to_pick(position: int, row: PickRow, words: Words) -> GoodsListLine:
    return GoodsListLine(
        number=str(position),
        name=row.product_name,
        codes=(row.product, row.pack_name, row.problem),
        amount=_amount(row.quantity, row.size, row.pack_name, words),
        base=_base(row.quantity),
        lot=row.lot,
        expires_on=row.use_by,
        place=row.place_name,
    )


def _sent(line: ShipmentLineRow, said: Delivering, words: Words, own_code: str) -> GoodsListLine:
    return GoodsListLine(
        number=str(line.position),
        name=line.product_name,
        codes=(line.product, line.pack_name, *_told(own_code, said)),
        amount=_amount(line.quantity, line.size, line.pack_name, words),
        base=_base(line.quantity) if line.lot else None,
        lot=line.lot or said.done,
        expires_on=line.expires_on,
    )


def _amount(quantity: Quantity, size: Quantity, pack_name: str, words: Words) -> Amount:
    """So many packs; a part of a case, which came from two lots, with its decimals."""
    packs = (Decimal(quantity.steps) / size.steps).quantize(Decimal("0.01")).normalize()
    return Amount(packs, pack_said(words, pack_name, 1 if packs == 1 else 2))


def _base(quantity: Quantity) -> Amount | None:
    if quantity.unit is Unit.PIECE:
        return None
    return Amount(quantity.decimal, quantity.unit.value)


def _bill_to(session: ReadSession, page: SalesOrderPage) -> tuple[str, ...]:
    """The customer and the billing address, else any address there is."""
    rows = session.execute(
        select(Address.kind, Address.lines)
        .join(Customer, Customer.id == Address.customer_id)
        .where(Customer.code == page.customer)
        .order_by(Address.position)
    ).all()
    best = sorted(rows, key=lambda row: row.kind is not AddressKind.BILLING)
    return (page.customer_name, *(best[0].lines.splitlines() if best else ()))


def order_locale(session: ReadSession, number: str, company: CompanyProfile) -> str:
    """What an order's papers and mails are written in: its quote's own language, else the customer's."""
    wanted: str | None = session.scalar(
        select(func.coalesce(func.nullif(Quote.locale, ""), Customer.locale))
        .select_from(SalesOrder)
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .outerjoin(Quote, Quote.id == SalesOrder.quote_id)
        .where(SalesOrder.number == number)
    )
    return paper_locale(wanted or "", company.locale)


def _contact(page: SalesOrderPage, company: CompanyProfile) -> str:
    phone = company.phone.replace(" ", "\N{NO-BREAK SPACE}")  # a telephone number stays on one line
    ours = page.confirmed_by if page.placed_at else page.drafted_by  # a buyer drafted their own
    return ", ".join(filter(None, (ours, phone)))


def _day(day: date | None, locale: str) -> str:
    return figures(locale).day(day) if day else ""


def _drawn(name: str, pdf: bytes) -> Paper:
    return Paper(name, PDF, hashlib.sha256(pdf).hexdigest(), pdf)
