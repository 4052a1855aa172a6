"""What written lines mean: the product, its pack and how many; or why not, with what comes closest."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import search
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import PageRequest
from procurement.kernel.text import NAME_LENGTH, fold, is_storable
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.queries.own_codes import packs_of_codes
from procurement.sales.rules.scanned import ScannedItem, scanned_item
from procurement.sales.rules.written import Way, WrittenLine

MOST_PACKS = 1_000_000
MOST_PROPOSED = (
    5  # lines that proposals are looked for, so that a long list of unknown ones stays quick
)
_PROPOSALS = 4
_AT_ONCE = 20_000  # values of one statement; SQLite takes 32,766, PostgreSQL 65,535


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the things a line may mean."""

    product: OfferedProduct
    pack: OfferedPack
    packs: int


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line with what it means. With `problem` it can go into no basket; `note` says what was done with it."""

    written: WrittenLine
    product: OfferedProduct | None = None
    pack: OfferedPack | None = None
    packs: int = 1
    problem: str = ""
    note: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def is_good(self) -> bool:
        return self.pack is not None and not self.problem


@dataclass(frozen=True, slots=True)
class _Meant:
    """A product by key, the pack a barcode names, and how many a scanner's code tells."""

    product: int
    pack: str | None = None
    count: int | None = None


def find_lines(
    session: ReadSession, lines: Sequence[WrittenLine], *, on: date, customer: int | None = None
) -> list[FoundLine]:
    """Each line's meaning in their order, the same pack twice added up; no statement per line.

    `customer`: whose own codes are known, too.
    """
    texts = {way.product for line in lines for way in line.ways}
    meant, wrong = _meanings(session, texts, on)
    for text, (product, pack) in packs_of_codes(session, customer, texts).items():
        others = {one for one in meant.get(text, ()) if one.product != product}
        meant[text] = {_Meant(product, pack), *others}
    ids = {one.product for several in meant.values() for one in several}
    products = {one.id: one for one in offered_products(session, ids=ids).values()}
    found = [_found(line, meant, wrong, products) for line in lines]
    return _proposed(session, _added_up(found))


def _found(
    line: WrittenLine,
    meant: Mapping[str, Collection[_Meant]],
    wrong: Mapping[str, str],
    products: Mapping[int, OfferedProduct],
) -> FoundLine:
    read = {
        (one.product, one.pack or way.pack, way.packs or one.count or 1): (way, one)
        for way in line.ways
        for one in meant.get(way.product, ())
    }
    if not read:
        return FoundLine(line, packs=_written_packs(line), problem=_unknown(line, wrong))
    if len(read) > 1:
        choices = [_choice(way, one, products[one.product]) for way, one in read.values()]
        return FoundLine(
            line,
            packs=_written_packs(line),
            problem="This can be read in more than one way. Choose what is meant.",
            choices=tuple(one for one in choices if one),
        )
    ((way, one),) = read.values()
    return _sold(line, way, one, products[one.product])


def _sold(line: WrittenLine, way: Way, one: _Meant, product: OfferedProduct) -> FoundLine:
    packs = one.count or 1 if way.packs is None else way.packs
    pack = _pack(product, one.pack or way.pack)
    found = FoundLine(line, product, pack, packs)
    if product.status is not ProductStatus.ACTIVE:
        return replace(found, pack=None, problem="No longer offered.")
    if pack is None:
        names = ", ".join(each.name for each in product.packs[:6])
        said = f"There is no pack {way.pack[:40]!r}: it is sold in {names}."
        return replace(found, problem=said if names else "It is sold in no pack.")
    if not 1 <= packs <= MOST_PACKS:
        return replace(found, problem=f"From 1 to {MOST_PACKS:,} packs, please.")
    return replace(found, note="" if way.packs or one.count else "No number is written: one pack.")


def _choice(way: Way, one: _Meant, product: OfferedProduct) -> Choice | None:
    pack = _pack(product, one.pack or way.pack)
    if pack is None or product.status is not ProductStatus.ACTIVE:
        return None
    return Choice(product, pack, way.packs or one.count or 1)


def _pack(product: OfferedProduct, written: str) -> OfferedPack | None:
    """By code or name, capitals forgiven; the sales pack where nothing is written."""
    if not written or product.pack(written):
        return product.pack(written or None)
    wanted = written.casefold()
    return next(
        (one for one in product.packs if wanted in {one.code.casefold(), one.name.casefold()}), None
    )


def _unknown(line: WrittenLine, wrong: Mapping[str, str]) -> str:
    if line.problem:
        return line.problem
    said = next((wrong[way.product] for way in line.ways if way.product in wrong), "")
    return said or f"There is no product “{_asked(line).product[:64]}”."


def _asked(line: WrittenLine) -> Way:
    """The way that most likely holds the code: one with a number, where there is one."""
    return next(
        (way for way in line.ways if way.packs is not None), (*line.ways, Way(line.text))[0]
    )


def _written_packs(line: WrittenLine) -> int:
    numbers = {way.packs for way in line.ways if way.packs is not None}
    return numbers.pop() if len(numbers) == 1 else 1


def _meanings(
    session: ReadSession, texts: Collection[str], on: date
) -> tuple[dict[str, set[_Meant]], dict[str, str]]:
    """For each text what it names, and what is wrong with a scanner's code. Three statements."""
    scanned: dict[str, ScannedItem] = {}
    wrong: dict[str, str] = {}
    for one in texts:
        try:
            if item := scanned_item(one, today=on):
                scanned[one] = item
        except ValueError as error:
            wrong[one] = str(error)
    plain = {one for one in texts if 0 < len(one) <= NAME_LENGTH and is_storable(one)}
    names = {
        one: (scanned[one].gtin or scanned[one].sku or "" if one in scanned else one)
        for one in plain | set(scanned)
    }
    by_code = _by_code(session, set(names.values()))
    by_name = _by_name(session, {name for name in names.values() if name not in by_code})
    meant: dict[str, set[_Meant]] = {}
    for one, name in names.items():
        count = scanned[one].count if one in scanned else None
        if found := by_code.get(name) or by_name.get(name):
            meant[one] = {replace(each, count=count) for each in found}
    return meant, wrong


def _by_code(session: ReadSession, asked: Collection[str]) -> dict[str, set[_Meant]]:
    """By SKU, capitals forgiven, else by a barcode of any length; eight figures may be either."""
    codes = {form for one in asked for form in (one, one.upper(), one.lower())}
    skus: dict[str, int] = {}
    for some in _parts(sorted(codes), _AT_ONCE):
        rows = session.execute(select(Product.sku, Product.id).where(Product.sku.in_(some)))
        skus.update((sku, key) for sku, key in rows)
    gtins: dict[str, list[_Meant]] = defaultdict(list)
    padded = {one: gtin for one in asked if (gtin := _padded(one))}
    rows = session.execute(
        select(Pack.gtin, Pack.product_id, Pack.code).where(Pack.gtin.in_(set(padded.values())))
    )
    for gtin, product, pack in rows:
        gtins[gtin].append(_Meant(product, pack))
    found: dict[str, set[_Meant]] = {}
    for one in asked:
        sku = next((skus[form] for form in (one, one.upper(), one.lower()) if form in skus), None)
        here = {*gtins.get(padded.get(one, ""), ())}
        if sku is not None and all(each.product != sku for each in here):
            here.add(_Meant(sku))
        if here:
            found[one] = here
    return found


def _parts(values: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    return (values[start : start + most] for start in range(0, len(values), most))


def _padded(written: str) -> str:
    """What may be a GTIN as it is kept: a spreadsheet may have lost its zeros, people write blanks and dashes."""
    digits = written.replace(" ", "").replace("-", "")
    is_one = digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 14
    return digits.zfill(14) if is_one else ""


def _by_name(session: ReadSession, asked: Collection[str]) -> dict[str, set[_Meant]]:
    """By the whole name of what is offered, capitals forgiven."""
    if not asked:
        return {}
    forms = {*asked, *(one.lower() for one in asked)}
    names: dict[str, set[_Meant]] = defaultdict(set)
    for some in _parts(sorted(forms), _AT_ONCE // 2):
        rows = session.execute(
            select(Product.id, Product.name).where(
                Product.status == ProductStatus.ACTIVE,
                Product.name.in_(some) | func.lower(Product.name).in_(some),
            )
        )
        for key, name in rows:
            names[fold(name)].add(_Meant(key))
    return {one: names[fold(one)] for one in asked if fold(one) in names}


def _added_up(lines: Iterable[FoundLine]) -> list[FoundLine]:
    """The same pack in several lines is one line, where it came first."""
    kept: list[FoundLine] = []
    places: dict[int, int] = {}
    numbers: dict[int, list[int]] = defaultdict(list)
    for line in lines:
        if not line.is_good or line.pack is None:
            kept.append(line)
            continue
        numbers[line.pack.id].append(line.packs)
        if line.pack.id not in places:
            places[line.pack.id] = len(kept)
            kept.append(line)
    for pack, several in numbers.items():
        if len(several) > 1:
            at = places[pack]
            kept[at] = _summed(kept[at], several)
    return kept


def _summed(line: FoundLine, numbers: Sequence[int]) -> FoundLine:
    packs = sum(numbers)
    written = " + ".join(f"{one:,}" for one in numbers[:6]) + (" …" if len(numbers) > 6 else "")
    note = f"It is there {len(numbers):,} times, added up: {written}."
    problem = "" if packs <= MOST_PACKS else f"From 1 to {MOST_PACKS:,} packs, please."
    return replace(line, packs=min(packs, MOST_PACKS), note=note, problem=problem)


def _proposed(session: ReadSession, lines: Sequence[FoundLine]) -> list[FoundLine]:
    """The first lines that are unknown, with what the search finds for them."""
    found, left = list(lines), MOST_PROPOSED
    for at, line in enumerate(lines):
        if line.product or line.choices or not line.written.ways or not left:
            continue
        left -= 1
        asked = _asked(line.written)
        text = "".join(mark for mark in asked.product[:NAME_LENGTH] if mark.isprintable()).strip()
        rows = (
            search(
                session, ProductFilter(text, status=ProductStatus.ACTIVE), PageRequest(_PROPOSALS)
            ).page.items
            if text
            else ()
        )
        products = {
            one.id: one for one in offered_products(session, ids=[row.id for row in rows]).values()
        }
        choices = [
            Choice(product, pack, line.packs)
            for row in rows
            if (product := products.get(row.id)) and (pack := product.pack(None))
        ]
        found[at] = replace(line, choices=tuple(choices))
    return found
