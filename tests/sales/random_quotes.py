"""A quote at random, added up by fractions here and by the house there, and read wherever it is shown."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pypdfium2

from procurement.api.schemas.sales import QuoteRowShape, QuoteShape
from procurement.backoffice.sales.quotes import _exported
from procurement.catalogue.terms import Kind, ProductStatus, Wishes
from procurement.documents.content import (
    Letterhead,
    QuoteContent,
    TaxLine,
    Totals,
    from_json,
    to_json,
)
from procurement.documents.figures import figures
from procurement.documents.languages import LANGUAGES, words_for
from procurement.documents.quote import render_quote
from procurement.exchange.export import to_csv
from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice, minor_digits
from procurement.kernel.quantity import Quantity, Unit
from procurement.sales.queries import papers
from procurement.sales.queries.goods import Goods
from procurement.sales.queries.offers import OfferedPack, OfferedProduct
from procurement.sales.queries.pipeline import QuoteRow
from procurement.sales.queries.prices import PriceBook
from procurement.sales.queries.quotes import QuoteLineRow, QuoteOfferRow, QuotePage, priced
from procurement.sales.rules.totals import Choice, add_up, additions
from procurement.sales.terms import LineChoice, LineKind, PaperLook, QuoteStatus
from procurement.settings.terms import RoundingRule
from tests.builders import NOON

CURRENCIES = ("EUR", "JPY", "KWD", "USD", "CHF")
RATES = {"A": 230_000, "B": 135_000, "C": 90_000, "D": 0, "E": 55_000, "F": 88_750, "G": 190_000}
SECTIONS = ("", "Oils", "Tools and stones")
DAY = date(2026, 11, 28)
FACTS = Goods(Kind.OIL, "", "", (), None, None, None)
PACK = OfferedPack(1, "case", "Case of 12", 12, is_sales_pack=True)
PRODUCT = OfferedProduct(
    1, "OIL-1", "Sweet Almond Oil", Kind.OIL, Unit.PIECE, ProductStatus.ACTIVE, (PACK,)
)


@dataclass(frozen=True)
class Expected:
    """In the smallest unit of the currency, by fractions."""

    nets: tuple[int, ...]
    subtotals: dict[str, int]
    taxes: dict[tuple[str, int], tuple[int, int]]
    net: int
    tax: int


def half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def a_random_line(chance: random.Random, position: int, currency: str) -> QuoteLineRow:
    kind = chance.choices(list(LineKind), (20, 1, 1))[0]
    words = kind is LineKind.TEXT
    choice = LineChoice.INCLUDED
    if kind is LineKind.PRODUCT and position > 1:
        choice = chance.choices((LineChoice.INCLUDED, LineChoice.OPTIONAL), (6, 1))[0]
    code = chance.choice(list(RATES))
    digits = chance.choice((0, 2, 2, 2, 3, 4))
    e4 = chance.randint(0, 10 ** chance.randint(1, 5)) * 10 ** (4 - digits)
    e4 = 0 if kind is not LineKind.PRODUCT else min(e4, 10**8)
    packs = 0 if words else chance.randint(1, 10 ** chance.randint(1, 3))
    off = chance.choice((0, 0, 250, 500, 1250, 3333, 9999))
    row = QuoteLineRow(
        position=position,
        section=chance.choice(SECTIONS),
        product="" if words else "OIL-1",
        product_name="" if words else "Sweet Almond Oil",
        pack="" if words else "case",
        pack_name="" if words else "Case of 12",
        size=Quantity(12, Unit.PIECE),
        packs=packs,
        price=None if words else UnitPrice(e4, currency),
        list_price=None,
        price_reason="",
        discount=Rate(0 if kind is not LineKind.PRODUCT else off),
        tax_code=code,
        tax=TaxRate(RATES[code]),
        note="",
        net=Money(0, currency),
        product_id=0 if words else 1,
        pack_id=0 if words else 1,
        kind=kind,
        choice=choice,
        text="As we said on Thursday." if words else "",
    )
    return replace_net(row, net_of(row))


def a_random_offer(chance: random.Random, line: QuoteLineRow) -> tuple[QuoteOfferRow, ...]:
    """Other quantities of a line, none twice."""
    offers = []
    packs = chance.sample(range(1, 2_000), chance.randint(1, 3))
    for number in sorted(set(packs) - {line.packs}):
        currency = line.net.currency
        price = UnitPrice(chance.randint(0, 10 ** chance.randint(1, 7)), currency)
        row = replace(line, packs=number, price=price, discount=Rate(chance.choice((0, 333, 5000))))
        offers.append(QuoteOfferRow(number, price, row.discount, Money(net_of(row), currency)))
    return tuple(offers)


def with_choices(chance: random.Random, lines: list[QuoteLineRow]) -> list[QuoteLineRow]:
    """Some lines become alternatives of each other, one of a group suggested; some are offered in other quantities."""
    made = list(lines)
    free = [i for i, one in enumerate(lines) if one.kind is LineKind.PRODUCT and not one.optional]
    chance.shuffle(free)
    for group in ("A", "B"):
        size = chance.choice((0, 0, 2, 3))
        members, free = sorted(free[:size]), free[size:]
        if len(members) < 2:
            continue
        best = chance.choice(members)
        for i in members:
            made[i] = replace(
                made[i], choice=LineChoice.ALTERNATIVE, choice_group=group, chosen=i == best
            )
    for i, line in enumerate(made):
        if line.kind is LineKind.PRODUCT and chance.random() < 0.2:
            made[i] = replace(line, offers=a_random_offer(chance, line))
    return made


def random_choices(chance: random.Random, lines: list[QuoteLineRow]) -> list[Choice]:
    """What a customer may want: options, another alternative of a group, another quantity."""
    choices, groups = [], set()
    for line in lines:
        is_new = line.choice_group not in groups
        if line.kind is not LineKind.PRODUCT or not is_new or chance.random() < 0.5:
            continue
        if line.choice_group:
            groups.add(line.choice_group)
        packs = chance.choice([None, line.packs, *(one.packs for one in line.offers)])
        choices.append(Choice(line.position, packs))
    return choices


def as_wanted(lines: list[QuoteLineRow], choices: list[Choice]) -> list[QuoteLineRow]:
    """The quote as if it had been written the way the customer chose: what is wanted is in, the rest is an option."""
    wanted = {one.position: one.packs for one in choices}
    replaced = {one.choice_group for one in lines if one.position in wanted} - {""}
    made = []
    for line in lines:
        is_in = line.position in wanted or (line.is_suggested and line.choice_group not in replaced)
        packs = wanted.get(line.position)
        offer = next((one for one in line.offers if one.packs == packs), None)
        if offer:
            line = replace(line, packs=offer.packs, price=offer.price, discount=offer.discount)  # noqa: PLW2901
        choice = LineChoice.INCLUDED if is_in else LineChoice.OPTIONAL
        if line.kind is not LineKind.PRODUCT:
            choice = line.choice
        made.append(replace(line, choice=choice, choice_group="", chosen=False))
    return made


def replace_net(row: QuoteLineRow, net: int) -> QuoteLineRow:
    values = {name: getattr(row, name) for name in QuoteLineRow.__slots__}
    return QuoteLineRow(**values | {"net": Money(net, row.net.currency)})


def net_of(row: QuoteLineRow) -> int:
    if row.price is None:
        return 0
    scale = 10 ** minor_digits(row.net.currency)
    kept = Fraction(10_000 - row.discount.basis_points, 10_000)
    return half_up(Fraction(row.price.e4, 10_000) * row.packs * kept * scale)


def expected(lines: list[QuoteLineRow], rule: RoundingRule) -> Expected:
    nets = tuple(net_of(line) for line in lines)
    subtotals: dict[str, int] = {}
    groups: dict[tuple[str, int], list[int]] = {}
    for line, net in zip(lines, nets, strict=True):
        if line.choice is LineChoice.INCLUDED or line.chosen:
            subtotals[line.section] = subtotals.get(line.section, 0) + net
            if line.kind is LineKind.PRODUCT:
                groups.setdefault((line.tax_code, line.tax.ppm), []).append(net)
    taxes = {}
    for (code, rate), members in groups.items():
        part = Fraction(rate, 1_000_000)
        once = half_up(sum(members) * part)
        each = sum(half_up(net * part) for net in members)
        taxes[code, rate] = (sum(members), once if rule is RoundingRule.DOCUMENT else each)
    return Expected(
        nets,
        subtotals,
        taxes,
        sum(net for net, _ in taxes.values()),
        sum(tax for _, tax in taxes.values()),
    )


def a_page(lines: list[QuoteLineRow], currency: str, rule: RoundingRule) -> QuotePage:
    totals = add_up([priced(line) for line in lines], currency, rule)
    empty = dict.fromkeys(QuotePage.__slots__, "") | {
        "wishes": Wishes(),
        "version": 1,
        "look": PaperLook(),
    }
    return QuotePage(
        **empty
        | {
            "number": "Q-1",
            "revision": 1,
            "status": QuoteStatus.ISSUED,
            "currency": currency,
            "rounding_rule": rule,
            "valid_until": DAY,
            "drafted_at": NOON,
            "changed_at": NOON,
            "issued_at": None,
            "answered_at": None,
            "link_token": None,
            "lines": tuple(lines),
            "totals": totals,
            "revisions": (),
        }
    )


def the_content(page: QuotePage, locale: str) -> QuoteContent:
    """As `quote_content` freezes it, without a database."""
    words = words_for(locale)
    numbered = papers._number(page.lines, {"OIL-1": PRODUCT}, {1: FACTS})
    lines = papers._lines(numbered, PriceBook(page.currency, ()), DAY, words)
    major = papers._major
    return QuoteContent(
        letterhead=Letterhead("Merrow"),
        recipient=("The Linden Rooms",),
        number="Q-1",
        issued_on=DAY,
        valid_until=DAY,
        currency=page.currency,
        totals=Totals(page.net.decimal, page.tax.decimal, page.gross.decimal),
        sections=papers._sections(page, numbered, lines, words),
        locale=locale,
        title=words.quotation,
        options=tuple(lines[one.number] for one in numbered if not one.row.is_suggested),
        tax_word=words.vat,
        taxes=tuple(
            TaxLine(row.code, Decimal(row.rate.percent), major(page, row.net), major(page, row.tax))
            for row in page.totals.taxes
        ),
    )


def disagreements(seed: int, *, on_paper: bool) -> list[str]:
    """What one quote at random says in one place and not in another."""
    chance = random.Random(seed)
    currency = CURRENCIES[seed % len(CURRENCIES)]
    rule = list(RoundingRule)[seed // len(CURRENCIES) % 2]
    locale = chance.choice(list(LANGUAGES))
    count = chance.choices((chance.randint(1, 5), chance.randint(6, 40)), (9, 1))[0]
    lines = [a_random_line(chance, place + 1, currency) for place in range(count)]
    lines = with_choices(chance, lines)
    said = expected(lines, rule)
    page = a_page(lines, currency, rule)
    found = [
        f"seed {seed}, {where}: {was} is not {should}"
        for where, was, should in (
            *_in_totals(page, said),
            *_in_api_and_list(page, said),
            *_in_content(the_content(page, locale), lines, said),
            *_as_chosen(page, lines, random_choices(chance, lines)),
            *_in_additions(page, lines, said),
        )
        if was != should
    ]
    if on_paper:
        found += _on_paper(seed, from_json(QuoteContent, to_json(the_content(page, locale))))
    return found


def _in_totals(page: QuotePage, said: Expected) -> list[tuple[str, object, object]]:
    totals = page.totals
    taxes = {(row.code, row.rate.ppm): (row.net, row.tax) for row in totals.taxes}
    counted = [one for one in totals.lines if one.counted]
    return [
        ("lines of the editor", tuple(one.net for one in totals.lines), said.nets),
        ("subtotals", {one.section: one.net for one in totals.subtotals}, said.subtotals),
        ("taxes", taxes, said.taxes),
        ("net", totals.net, said.net),
        ("tax", totals.tax, said.tax),
        ("total", totals.gross, said.net + said.tax),
        ("sum of lines", sum(one.net for one in counted), said.net),
        ("sum of lines' taxes", sum(one.tax for one in counted), said.tax),
    ]


def _as_chosen(
    page: QuotePage, lines: list[QuoteLineRow], choices: list[Choice]
) -> list[tuple[str, object, object]]:
    """What it comes to with what the customer wants, as the page behind the link and the order say it."""
    said = expected(as_wanted(lines, choices), page.rounding_rule)
    totals = add_up([priced(x) for x in lines], page.currency, page.rounding_rule, choices)
    taxes = {(row.code, row.rate.ppm): (row.net, row.tax) for row in totals.taxes}
    return [
        ("chosen lines", tuple(one.net for one in totals.lines), said.nets),
        ("chosen subtotals", {x.section: x.net for x in totals.subtotals}, said.subtotals),
        ("chosen taxes", taxes, said.taxes),
        (
            "chosen total",
            (totals.net, totals.tax, totals.gross),
            (said.net, said.tax, said.net + said.tax),
        ),
    ]


def _in_additions(
    page: QuotePage, lines: list[QuoteLineRow], base: Expected
) -> Iterator[tuple[str, object, object]]:
    """What each thing to choose is said to add is what the total grows by."""
    for one in additions([priced(line) for line in lines], page.rounding_rule):
        choice = Choice(one.position, one.packs)
        then = expected(as_wanted(lines, [choice]), page.rounding_rule)
        grown = (then.net - base.net, then.tax - base.tax)
        yield f"added by {choice}", (one.net, one.tax), grown


def _in_api_and_list(page: QuotePage, said: Expected) -> list[tuple[str, object, object]]:
    def written(minor: int) -> str:
        return Money(minor, page.currency).amount

    whole = (written(said.net), written(said.tax), written(said.net + said.tax))
    api = QuoteShape.page(page, None, staff=True).model_dump(mode="json")
    empty = dict.fromkeys(QuoteRow.__slots__, "")
    money = {name: getattr(page, name) for name in ("net", "tax", "gross")}
    values = empty | money | {"number": "Q-1", "revision": 1, "status": page.status, "key": 1}
    values |= {"valid_until": DAY, "drafted_at": NOON, "changed_at": NOON}
    row = QuoteRow(**values | {"issued_at": None, "answered_at": None})
    listed = QuoteRowShape.of(row).model_dump(mode="json")["totals"]
    table = to_csv(("x",) * 14, [_exported(row)])
    cells = table.decode("utf-8-sig").splitlines()[1].split(",")
    return [
        ("API", tuple(api["totals"][key]["amount"] for key in ("net", "tax", "gross")), whole),
        (
            "lines of the API",
            tuple(line["net"]["amount"] for line in api["lines"]),
            tuple(written(net) for net in said.nets),
        ),
        ("list", tuple(listed[key]["amount"] for key in ("net", "tax", "gross")), whole),
        ("CSV", tuple(map(Decimal, cells[6:9])), tuple(map(Decimal, whole))),
    ]


def _in_content(
    content: QuoteContent, lines: list[QuoteLineRow], said: Expected
) -> list[tuple[str, object, object]]:
    def major(minor: int) -> Decimal:
        return Money(minor, content.currency).decimal

    shown = [line.net for part in content.sections for line in part.lines if line.kind != "text"]
    should = [
        major(net)
        for section in said.subtotals
        for line, net in zip(lines, said.nets, strict=True)
        if line.is_suggested and line.section == section and line.is_goods
    ]
    return [
        ("lines of the content", shown, should),
        ("total of the content", content.totals.gross, major(said.net + said.tax)),
        (
            "taxes of the content",
            sorted((one.code, one.net, one.tax) for one in content.taxes),
            sorted((code, major(n), major(t)) for (code, _), (n, t) in said.taxes.items()),
        ),
    ]


def _on_paper(seed: int, content: QuoteContent) -> list[str]:
    """Every amount stands in the text of the file, in the order of the quote."""
    written = figures(content.locale, content.currency)
    amounts = []
    for part in content.sections:
        amounts += [line.net for line in part.lines if line.kind == "product"]
        amounts += [part.subtotal] if part.subtotal is not None else []
    # Options stand before alternatives, and these by the line that they would replace.
    others = [line.instead_of for line in content.options if line.instead_of]
    for number in ("", *dict.fromkeys(others)):
        amounts += [line.net for line in content.options if line.instead_of == number]
    for tax in content.taxes:
        amounts += [tax.net, tax.tax]
    amounts += [content.totals.net, content.totals.tax, content.totals.gross]
    document = pypdfium2.PdfDocument(io.BytesIO(render_quote(content)))
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    text = " ".join(text.replace("\xa0", " ").split())
    at = 0
    for amount in amounts:
        wanted = written.money(amount).replace("\xa0", " ")
        at = text.find(wanted, at)
        if at < 0:
            return [f"seed {seed}, PDF: {wanted} {content.currency} is not in its place"]
    return []
