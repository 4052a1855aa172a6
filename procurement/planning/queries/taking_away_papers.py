"""The catalogue and the price list to take along, as papers: everything worded and rounded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from procurement.catalogue.rules.wording import PackSize, base_of, size_words
from procurement.catalogue.terms import Trait
from procurement.documents.catalogue_content import Block, CatalogueContent, PackLine, Shelf
from procurement.documents.content import Cover
from procurement.documents.figures import figures
from procurement.documents.languages import words_for
from procurement.documents.languages.taking_away import TakingAway, taking_away_words
from procurement.documents.languages.words import Words
from procurement.documents.pictures import Prepared, prepare
from procurement.documents.typesetting import TINT, rgb
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Unit
from procurement.planning.queries.taking_away import (
    Reader,
    Taken,
    TakenPack,
    TakenProduct,
    Wish,
    taken_along,
)
from procurement.sales.queries.goods import printable_pictures
from procurement.sales.rules.speaking import pack_said
from procurement.settings.queries import get_company, letterhead, picture_of

PICTURE_PIXELS = 200  # in a frame of 24 mm: 210 to the inch
PICTURES_AT_ONCE = 200
# What is drawn while one waits; see docs/papers.md for how long it takes.
MOST_IN_CATALOGUE, MOST_IN_LIST = 2_000, 10_000


def price_list_content(
    session: ReadSession, wish: Wish, *, actor: Actor, at: datetime
) -> CatalogueContent:
    """Every pack with its price. Invalid where they are too many."""
    taken = taken_along(session, replace(wish, most=MOST_IN_LIST), actor=actor, at=at)
    return _content(session, taken, {})


def catalogue_content(
    session: ReadSession, wish: Wish, *, actor: Actor, at: datetime
) -> CatalogueContent:
    """The same with pictures and what is in each product, behind a cover."""
    taken = taken_along(session, replace(wish, most=MOST_IN_CATALOGUE), actor=actor, at=at)
    content = _content(session, taken, _pictures(session, taken.products))
    reader, words = taken.reader, taking_away_words(taken.reader.locale)
    cover = Cover(
        title=words.catalogue,
        label=words_for(reader.locale).prepared_for if reader.name else "",
        lines=tuple(filter(None, (reader.name, figures(reader.locale).date(reader.on)))),
        picture=picture_of(session, get_company(session).cover_id),
    )
    return replace(content, cover=cover)


def _content(
    session: ReadSession, taken: Taken, pictures: Mapping[str, Prepared]
) -> CatalogueContent:
    reader = taken.reader
    wording = _Wording(reader, pictures)
    shelves = groupby(taken.products, key=lambda one: one.product.category)
    return CatalogueContent(
        letterhead=letterhead(session, get_company(session)),
        issued_on=reader.on,
        locale=reader.locale,
        currency=reader.currency,
        recipient=(reader.name,) if reader.name else (),
        customer=reader.customer,
        list_name=reader.list_name,
        shelves=tuple(
            Shelf(name or wording.words.others, tuple(wording.blocks(products)))
            for name, products in shelves
        ),
    )


def _pictures(session: ReadSession, products: Sequence[TakenProduct]) -> dict[str, Prepared]:
    """One for each block, by SKU: made small as they are read, for there may be thousands."""
    leads = {}
    for _, members in groupby(products, key=_block_of):
        lead = next((one for one in members if one.picture), None)
        if lead:
            leads[lead.product.id] = lead.product.sku
    ids = list(leads)
    found: dict[str, Prepared] = {}
    for start in range(0, len(ids), PICTURES_AT_ONCE):
        part = printable_pictures(session, ids[start : start + PICTURES_AT_ONCE])
        for key, content in part.items():
            if prepared := prepare(content, PICTURE_PIXELS, rgb(TINT)):
                found[leads[key]] = prepared
    return found


def _block_of(one: TakenProduct) -> tuple[str, str, str]:
    """What stands together: the members of a family within a category; anything else by itself."""
    product = one.product
    return (product.category, product.family, "" if product.family else product.sku)


class _Wording:
    """One reader's language."""

    def __init__(self, reader: Reader, pictures: Mapping[str, Prepared]) -> None:
        self.words: TakingAway = taking_away_words(reader.locale)
        self.paper_words: Words = words_for(reader.locale)
        self.written = figures(reader.locale)
        self.pictures = pictures
        self.has_prices = bool(reader.currency)

    def blocks(self, products: Iterator[TakenProduct]) -> Iterator[Block]:
        for _, members in groupby(products, key=_block_of):
            yield self._block(list(members))

    def _block(self, members: Sequence[TakenProduct]) -> Block:
        first = members[0]
        product = first.product
        alike = [one for one in members if one.product.composition == product.composition]
        pictured = (self.pictures.get(one.product.sku) for one in members)
        # What is said of a block holds for all of it.
        traits = [t for t in product.traits if all(t in one.product.traits for one in members)]
        listed = len(alike) == len(members) and product.ingredients
        return Block(
            name=first.family_name or product.name,
            brand=product.brand,
            description=product.description,
            traits=tuple(self._trait(trait) for trait in traits),
            ingredients=product.ingredients if listed else (),
            allergens=self._allergens(first) if listed else "",
            picture=next((one for one in pictured if one), None),
            lines=tuple(line for one in members for line in self._lines(one, len(members) > 1)),
        )

    def _trait(self, trait: Trait) -> str:
        return {
            Trait.NUT_FREE: self.words.nut_free,
            Trait.FRAGRANCE_FREE: self.words.fragrance_free,
            Trait.VEGAN: self.words.vegan,
            Trait.ORGANIC: self.words.organic,
        }[trait]

    def _allergens(self, one: TakenProduct) -> str:
        words = self.paper_words
        found = ", ".join(words.plants.get(name, name) for name in one.allergens)
        return f"{found[:1].upper()}{found[1:]}." if found else words.none_named

    def _lines(self, one: TakenProduct, has_siblings: bool) -> Iterator[PackLine]:
        product = one.product
        options = ", ".join(value for _, value in product.options)
        for taken in one.packs:
            yield PackLine(
                code=product.sku,
                gtin=taken.pack.gtin or "",
                name=options or (product.name if has_siblings else ""),
                pack=self._pack(taken, one),
                price=taken.steps[0].price.decimal if self._from_one(taken) else None,
                more=tuple(
                    (step.from_packs, step.price.decimal)
                    for step in taken.steps
                    if step.from_packs > 1
                ),
                retail=taken.retail.decimal if taken.retail else None,
            )

    @staticmethod
    def _from_one(taken: TakenPack) -> bool:
        """A ladder may begin above one pack."""
        return bool(taken.steps) and taken.steps[0].from_packs == 1

    def _size(self, steps: int, unit: Unit) -> str:
        number, _, word = size_words(steps, unit).partition(" ")
        return f"{self.written.number(Decimal(number))} {word}"

    def _pack(self, taken: TakenPack, one: TakenProduct) -> str:
        """What a pack is, in the reader's words, and what it holds: "Case, 12 × 500 ml"."""  # noqa: RUF002
        pack, unit = taken.pack, one.product.unit
        name = pack_said(self.paper_words, pack.name, 1)
        others = [
            PackSize(other.pack.name, other.pack.size_steps)
            for other in one.packs
            if other.pack.id != pack.id
        ]
        base = base_of(PackSize(pack.name, pack.size_steps), unit, others)
        size = (
            "" if unit is Unit.PIECE and pack.size_steps == 1 else self._size(pack.size_steps, unit)
        )
        if unit is Unit.PIECE and size:
            size = self.written.number(Decimal(pack.size_steps))
        elif base and base.word not in {"l", "kg"} and base.per_pack > 1:
            size = f"{base.per_pack:f} × {self._size(pack.size_steps // int(base.per_pack), unit)}"  # noqa: RUF001
        return f"{name[:1].upper()}{name[1:]}" + (f", {size}" if size else "")
