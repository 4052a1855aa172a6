"""A quote at random through the real doors: written and answered over the API, read on every page and paper.

Whatever stands for an amount is read as its digits, so that any language's way to write 1,234.50 is 123450.
"""

import csv
import io
import random
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import etree, html

from procurement.catalogue.terms import Kind
from procurement.documents.figures import figures
from procurement.documents.languages import LANGUAGES
from procurement.kernel.actor import SYSTEM
from procurement.kernel.money import Money, TaxRate, UnitPrice, minor_digits
from procurement.kernel.quantity import Unit
from procurement.kernel.tax_categories import TaxCategory
from procurement.sales.operations.customers import AddressInput, SaveCustomer, create_customer
from procurement.sales.queries.quotes import QuoteLineRow
from procurement.sales.rules.totals import Choice
from procurement.sales.terms import AddressKind, CustomerKind, LineChoice, LineKind
from procurement.settings.models import Company, Tax
from procurement.settings.terms import RoundingRule
from procurement.web.throttle import limiter
from tests.api.programs import Program
from tests.builders import NOON, a_location, a_product, virtual_locations
from tests.documents.papers import text_of
from tests.sales.fulfilling import stock
from tests.sales.random_quotes import (
    CURRENCIES,
    Expected,
    a_random_line,
    as_wanted,
    expected,
    random_choices,
    with_choices,
)
from tests.sales.stories import a_customer, a_shop

GOODS = ("ALM-500", "CRR-01", "TRAINING")
PACKS = {"ALM-500": "bottle", "CRR-01": "box", "TRAINING": "session"}
PLENTY = 10**5  # of everything that is kept in stock


def a_shop_of_everything(app: Flask) -> None:
    """Goods, a service, plenty in stock; a customer here, and one in another state with a VAT number."""
    with app.extensions["uow"].write() as session:
        a_shop(session)
        company = session.get(Company, 1)
        company.vat_id, company.address = "IE1234567T", "4 Quay Row\nGalway\nIreland"
        session.add(Tax(code="B", name="Reduced", rate_ppm=135_000))
        session.add(
            Tax(code="E", name="None", rate_ppm=0, category=TaxCategory.EXEMPT, reason="Care")
        )
        a_product(session, "TRAINING", kind=Kind.SERVICE, unit=Unit.PIECE, packs={"session": "1"})
        virtual_locations(session)
        a_location(session, "STORE")
        stock(session, "OILS", PLENTY, None, size=500_000)
        stock(session, "TOOLS", PLENTY, None, sku="CRR-01", size=10_000)
        a_customer(session, "HERE")
        abroad = SaveCustomer(
            code="ABROAD",
            name="Kurhaus am See",
            kind=CustomerKind.WELLNESS_CENTRE,
            vat_id="DE136695976",
            addresses=(
                AddressInput(
                    AddressKind.DELIVERY,
                    street="Seeweg 1",
                    postal_code="78462",
                    city="Konstanz",
                    country="DE",
                ),
            ),
        )
        create_customer(session, abroad, actor=SYSTEM, at=NOON)


@dataclass(frozen=True)
class Doors:
    """Who reads: a program of the seller's, a seller's browser, and the customer's."""

    app: Flask
    api: Program
    seller: FlaskClient
    customer: FlaskClient


@dataclass
class Walk:
    """One quote on its way, and what did not agree."""

    seed: int
    doors: Doors
    currency: str
    lines: list[QuoteLineRow]
    rule: RoundingRule
    locale: str
    found: list[str]

    def same(self, where: str, was: Any, should: Any) -> None:
        if was != should:
            self.found.append(f"seed {self.seed}, {where}: {was} is not {should}")

    def totals(self, where: str, told: Sequence[Any], said: Expected) -> None:
        self.same(where, tuple(told), (said.net, said.tax, said.net + said.tax))


def minor(text: str) -> int:
    """In the smallest unit; what has no digits is nothing."""
    return int("".join(re.findall(r"[0-9]", text)) or 0)


def disagreements(seed: int, doors: Doors) -> list[str]:
    """What one quote at random says in one place and not in another."""
    chance = random.Random(seed)
    limiter.reset()  # each quote has a customer of its own
    currency = CURRENCIES[seed % len(CURRENCIES)]
    rule = list(RoundingRule)[seed // len(CURRENCIES) % 2]
    locale = chance.choice(list(LANGUAGES))
    is_abroad = chance.random() < 0.25
    count = chance.choice((1, 2, 4, 8, 16))
    lines = [a_random_line(chance, place + 1, currency) for place in range(count)]
    if not any(line.kind is LineKind.PRODUCT for line in lines):
        lines.append(_a_line_of_goods(chance, count + 1, currency))
    lines = [
        _with_a_product(chance, line, is_abroad=is_abroad) for line in with_choices(chance, lines)
    ]
    walk = Walk(seed, doors, currency, lines, rule, locale, [])
    with doors.app.extensions["uow"].write() as session:
        session.get(Company, 1).rounding_rule = rule
    said = expected(lines, rule)
    number = _drafted(walk, "ABROAD" if is_abroad else "HERE", said)
    _in_the_editor(walk, number, said)
    token = _issued(walk, number, said)
    _in_lists(walk, number, said)
    _behind_the_link(walk, token, said)
    _on_paper(walk, doors.customer.get(f"/q/{token}/pdf").data, said)
    _answered(walk, chance, number, token)
    return walk.found


def _a_line_of_goods(chance: random.Random, position: int, currency: str) -> QuoteLineRow:
    while (line := a_random_line(chance, position, currency)).kind is not LineKind.PRODUCT:
        pass
    return line


def _with_a_product(chance: random.Random, line: QuoteLineRow, *, is_abroad: bool) -> QuoteLineRow:
    """Of the goods there are; where the customer's VAT number decides, the tax is left to the rules."""
    if line.kind is LineKind.TEXT:
        return line
    sku = chance.choice(GOODS if line.kind is LineKind.PRODUCT else GOODS[:2])
    line = replace(line, product=sku, pack=PACKS[sku])
    if is_abroad and chance.random() < 0.7:
        return replace(line, tax_code="", tax=TaxRate(0))
    return replace(line, tax_code="chosen")


def _body(walk: Walk, customer: str) -> dict[str, Any]:
    def price(one: UnitPrice | None) -> dict[str, str] | None:
        return {"amount": one.amount, "currency": walk.currency} if one else None

    lines = []
    for row in walk.lines:
        line: dict[str, Any] = {"kind": row.kind, "section": row.section, "text": row.text}
        if row.is_goods:
            line |= {"product": row.product, "pack": row.pack, "packs": row.packs}
        if row.kind is LineKind.PRODUCT:
            line |= {"unit_price": price(row.price), "discount_percent": row.discount.percent}
            line |= {"choice": row.choice, "choice_group": row.choice_group, "chosen": row.chosen}
            line |= {"tax_percent": row.tax.percent} if row.tax_code else {}
            line["offers"] = [
                {
                    "packs": one.packs,
                    "unit_price": price(one.price),
                    "discount_percent": one.discount.percent,
                }
                for one in row.offers
            ]
        lines.append(line)
    return {
        "customer": customer,
        "currency": walk.currency,
        "paper": {"locale": walk.locale},
        "lines": lines,
    }


def _told(totals: dict[str, Any]) -> list[int]:
    return [minor(totals[name]["amount"]) for name in ("net", "tax", "gross")]


def _drafted(walk: Walk, customer: str, said: Expected) -> str:
    answer = walk.doors.api.post("/quotes", _body(walk, customer))
    assert answer.status_code == 201, (walk.seed, answer.json)
    _in_the_api(walk, "API, drafted", answer.json, said)
    return str(answer.json["number"])


def _in_the_api(walk: Walk, where: str, told: dict[str, Any], said: Expected) -> None:
    walk.totals(where, _told(told["totals"]), said)
    nets = tuple(minor(line["net"]["amount"]) for line in told["lines"])
    walk.same(f"{where}: lines", nets, said.nets)
    offers = [[minor(o["net"]["amount"]) for o in line["offers"]] for line in told["lines"]]
    ours = [[one.net.minor for one in row.offers] for row in walk.lines]
    walk.same(f"{where}: other quantities", offers, ours)


def _in_the_editor(walk: Walk, number: str, said: Expected) -> None:
    page = html.fromstring(walk.doors.seller.get(f"/quotes/{number}").text)
    nets = []
    for row in page.xpath("//tr[@data-line]"):
        cell = row.xpath("td[starts-with(@data-label, 'Total, ')]")
        told = cell[0].xpath("b[starts-with(@id, 'net-')]") if cell else []
        nets.append(minor(told[0].text_content() if told else cell[0].text or "" if cell else ""))
    walk.same("editor: lines", nets, list(said.nets))
    sums = [minor(dd.text) for dd in page.xpath("//*[@id='totals']/dl[1]//dd")]
    walk.same("editor: net, taxes, total", sums[2:], _summed(said))


def _summed(said: Expected) -> list[int]:
    taxes = sorted(_by_rate(said).items(), reverse=True)
    return [said.net, *(tax for _, (_, tax) in taxes), said.net + said.tax]


def _by_rate(said: Expected) -> dict[int, tuple[int, int]]:
    """Lines of nothing, whoever decided it, are one row of the summary."""
    sums: dict[int, tuple[int, int]] = {}
    for (_, rate), (net, tax) in said.taxes.items():
        before = sums.get(rate, (0, 0))
        sums[rate] = (before[0] + net, before[1] + tax)
    return sums


def _issued(walk: Walk, number: str, said: Expected) -> str:
    answer = walk.doors.api.post(f"/quotes/{number}/issue", {"send": False})
    assert answer.status_code == 200, (walk.seed, answer.json)
    _in_the_api(walk, "API, issued", answer.json, said)
    again = walk.doors.api.get(f"/quotes/{number}?revision=1").json
    _in_the_api(walk, "API, by its revision", again, said)
    (revision,) = again["revisions"]
    walk.same("API, revisions", minor(revision["gross"]["amount"]), said.net + said.tax)
    issued = html.fromstring(walk.doors.seller.get(f"/quotes/{number}").text)
    _on_the_page(walk, issued, said)
    return str(answer.json["link"]).rsplit("/", 1)[-1]


def _on_the_page(walk: Walk, page: Any, said: Expected) -> None:
    """Of the issued quote, as sales look at it: what is in the total, then what is to choose."""
    rows = page.xpath("//div[@class='columns']//table//tbody/tr[not(td[@colspan])]")
    nets = [minor(row[-1].text_content()) for row in rows]
    order = sorted(range(len(walk.lines)), key=lambda i: not walk.lines[i].is_suggested)
    walk.same("page: lines", nets, [said.nets[i] for i in order if walk.lines[i].is_goods])
    sums = page.xpath("//aside//section[1]/dl[contains(@class, 'sums')]//dd")
    walk.same("page: sums", [minor(dd.text) for dd in sums], _summed(said))


def _in_lists(walk: Walk, number: str, said: Expected) -> None:
    doors = walk.doors
    (listed,) = doors.api.get(f"/quotes?text={number}").json["items"]
    walk.totals("API, list", _told(listed["totals"]), said)
    page = html.fromstring(doors.seller.get(f"/quotes/?q={number}").text)
    shown = [
        minor(cell.text_content())
        for cell in page.xpath("//tbody/tr/td[@data-label][position() > last() - 2]")
    ]
    walk.same("list", shown, [said.net, said.net + said.tax])
    table = doors.seller.get(f"/quotes/?format=csv&q={number}").get_data(as_text=True)
    (row,) = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))
    walk.totals(
        "CSV", [_in_minor(row[name], walk.currency) for name in ("Net", "Tax", "Gross")], said
    )


def _behind_the_link(walk: Walk, token: str, said: Expected) -> None:
    page = html.fromstring(walk.doors.customer.get(f"/q/{token}").text)
    _in_the_read(walk, "link", page, said)
    chosen = [minor(dd.text) for dd in page.xpath("//*[@data-total]//dl//dd")]
    walk.same("link: total to accept", chosen, _summed(said))


def _in_the_read(walk: Walk, where: str, page: Any, said: Expected) -> None:
    """The quote as the customer reads it: sections, options, alternatives, sums."""
    (read,) = page.xpath("//*[contains(concat(' ', @class, ' '), ' quote-read ')]")
    nets = [
        minor(row[-1].text_content()) for row in read.xpath(".//table//tbody/tr[not(td[@colspan])]")
    ]
    walk.same(f"{where}: lines", nets, [said.nets[i] for i in _as_printed(walk.lines, said)])
    sums = read.xpath(".//*[@class='quote-sums']//dd")
    walk.same(f"{where}: sums", [minor(dd.text) for dd in sums], _summed(said))


def _as_printed(lines: list[QuoteLineRow], said: Expected) -> Iterator[int]:
    """The lines of goods in the order of the page: section by section, options, alternatives."""
    for section in said.subtotals:
        for i, line in enumerate(lines):
            if line.is_goods and line.is_suggested and line.section == section:
                yield i
    for choice in (LineChoice.OPTIONAL, LineChoice.ALTERNATIVE):
        for i, line in enumerate(lines):
            if line.choice is choice and not line.is_suggested:
                yield i


def _on_paper(walk: Walk, pdf: bytes, said: Expected) -> None:
    """Every amount stands in the text of the file, in the order of the quote."""
    amounts = []
    for section, subtotal in said.subtotals.items():
        for i, line in enumerate(walk.lines):
            if line.section == section and line.is_suggested and line.kind is LineKind.PRODUCT:
                amounts.append(said.nets[i])
        amounts += [subtotal] if list(said.subtotals) != [""] else []
    rest = [i for i in _as_printed(walk.lines, said) if not walk.lines[i].is_suggested]
    groups = list(dict.fromkeys(walk.lines[i].choice_group for i in rest))
    rest.sort(
        key=lambda i: (bool(walk.lines[i].choice_group), groups.index(walk.lines[i].choice_group))
    )
    amounts += [said.nets[i] for i in rest]
    for _, pair in sorted(_by_rate(said).items(), reverse=True):
        amounts += pair
    amounts += [said.net, said.tax, said.net + said.tax]
    written, at = figures(walk.locale, walk.currency), 0
    text = " ".join(text_of(pdf).replace("\xa0", " ").split())
    for amount in amounts:
        wanted = written.money(Money(amount, walk.currency).decimal).replace("\xa0", " ")
        if (at := text.find(wanted, at)) < 0:
            walk.found.append(f"seed {walk.seed}, PDF: {wanted} is not in its place")
            return


def _answered(walk: Walk, chance: random.Random, number: str, token: str) -> None:
    """The customer chooses and accepts; the total on the way, the record and the order say what was chosen."""
    choices = random_choices(chance, walk.lines)
    said = expected(as_wanted(walk.lines, choices), walk.rule)
    form: dict[str, Any] = {"name": "Aoife", "shown": said.net + said.tax, "options": []}
    for one in choices:
        line = walk.lines[one.position - 1]
        if line.choice is LineChoice.OPTIONAL:
            form["options"].append(one.position)
        elif line.choice_group:
            form[f"group-{line.choice_group}"] = one.position
        if one.packs is not None:
            form[f"packs-{one.position}"] = one.packs
    customer, api = walk.doors.customer, walk.doors.api
    total = html.fromstring(customer.get(f"/q/{token}/total", query_string=form).text)
    walk.same("chosen", [minor(dd.text) for dd in total.xpath("//dd")], _summed(said))
    answer = customer.post(f"/q/{token}/accept", data=form)
    assert answer.status_code == 303, (walk.seed, answer.text)
    record = api.get(f"/quotes/{number}/answer").json
    walk.same("record", minor(record["gross"]["amount"]), said.net + said.tax)
    walk.same("record: faults", record["faults"], [])
    made = api.post("/sales-orders", {"quote": number})
    assert made.status_code == 201, (walk.seed, made.json)
    walk.totals("order", _told(made.json["totals"]), said)
    nets = {line["quote_line"]: minor(line["net"]["amount"]) for line in made.json["lines"]}
    walk.same("order: lines", nets, {i + 1: said.nets[i] for i in nets_in(walk.lines, choices)})
    _invoiced(walk, made.json["number"], said)


def nets_in(lines: list[QuoteLineRow], choices: list[Choice]) -> list[int]:
    """Which lines are ordered: what is in the total, and the samples."""
    wanted = as_wanted(lines, choices)
    return [i for i, line in enumerate(wanted) if line.is_goods and line.is_suggested]


def _invoiced(walk: Walk, order: str, said: Expected) -> None:
    """All of it is shipped at one go: the invoice says what the quote said."""
    api = walk.doors.api
    confirmed = api.post(f"/sales-orders/{order}/confirm", {"send": False})
    assert confirmed.status_code == 200, (walk.seed, confirmed.json)
    walk.totals("order, confirmed", _told(confirmed.json["totals"]), said)
    shipped = api.post("/shipments", {"sales_order": order})
    assert shipped.status_code == 201, (walk.seed, shipped.json)
    batch = api.post("/invoice-exports")
    assert batch.status_code == 201, (walk.seed, batch.json)
    number = batch.json["number"]
    table = api.get(f"/invoice-exports/{number}/csv").get_data(as_text=True)
    for row in csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))):
        names = ("document_net", "document_tax", "document_gross")
        walk.totals(
            "CSV of invoices", [_in_minor(row[name], walk.currency) for name in names], said
        )
    if walk.currency == "KWD":
        return  # Peppol has no invoices with three decimals
    archive = zipfile.ZipFile(io.BytesIO(api.get(f"/invoice-exports/{number}/ubl").data))
    (name,) = archive.namelist()
    invoice = etree.fromstring(archive.read(name))
    sums = [
        str(invoice.findtext(f".//{{*}}{tag}"))
        for tag in ("TaxExclusiveAmount", "TaxAmount", "PayableAmount")
    ]
    walk.totals("UBL", [_in_minor(amount, walk.currency) for amount in sums], said)


def _in_minor(written: str, currency: str) -> int:
    return int(Decimal(written).scaleb(minor_digits(currency)))
