"""Keeping price lists: a head with its validity, and prices per product, pack and quantity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import UnitPrice, is_currency
from procurement.kernel.permissions import Permission
from procurement.sales.errors import StaleVersion
from procurement.sales.models import Price, PriceList
from procurement.sales.operations.groups import group_id_of
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.queries.price_lists import default_list_of, price_list_for_update

MOST_PRICES = 20_000
MOST_PACKS = 1_000_000


@dataclass(frozen=True, slots=True)
class PriceInput:
    """One price. Without a pack the product's sales pack is meant; `price` None takes the price away."""

    product: str
    price: UnitPrice | None
    pack: str | None = None
    from_packs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePriceList:
    """A list's head and, when given, all its prices (None leaves them as they are)."""

    code: str
    currency: str
    name: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    # None: a new list becomes the default when its currency has none yet; an old one stays what it is
    is_default: bool | None = None
    group: str | None = None  # the customer group it is for
    prices: tuple[PriceInput, ...] | None = None
    version: int | None = None


def create_price_list(
    session: Session, command: SavePriceList, *, actor: Actor, at: datetime
) -> PriceList:
    """A new list; a code that is taken is a Conflict."""
    actor.require(Permission.EDIT_PRICES)
    if not is_currency(command.currency):
        raise Invalid("The currency must be an ISO 4217 code such as EUR.", field="currency")
    price_list = PriceList(code=text.code(command.code, "code"), currency=command.currency)
    _fill(session, price_list, command)
    _make_default(session, price_list, wanted=command.is_default)
    session.add(price_list)
    session.flush()  # the prices need its key
    _put_prices(session, price_list, command.prices or (), replace=True)
    record(session, "create price list", price_list.code, actor=actor, at=at)
    return price_list


def change_price_list(
    session: Session, command: SavePriceList, *, actor: Actor, at: datetime
) -> PriceList:
    """Change the head, and replace the prices when the command brings some."""
    actor.require(Permission.EDIT_PRICES)
    price_list = price_list_for_update(session, command.code)
    if command.version is not None and command.version != price_list.version:
        raise StaleVersion("Somebody else changed this price list; look again.")
    if command.currency != price_list.currency:
        raise Invalid("A list keeps its currency; make another list.", field="currency")
    _fill(session, price_list, command)
    flag_modified(price_list, "name")  # the version moves even when only a price changed
    if command.is_default is not None:
        _make_default(session, price_list, wanted=command.is_default)
    if command.prices is not None:
        _put_prices(session, price_list, command.prices, replace=True)
    record(session, "change price list", price_list.code, actor=actor, at=at)
    return price_list


def set_prices(
    session: Session, code: str, prices: Sequence[PriceInput], *, actor: Actor, at: datetime
) -> PriceList:
    """Add, change or take away some prices of a list; the others stay."""
    actor.require(Permission.EDIT_PRICES)
    price_list = price_list_for_update(session, code)
    flag_modified(price_list, "name")
    _put_prices(session, price_list, prices, replace=False)
    record(session, "set prices", code, f"{len(prices)} prices", actor=actor, at=at)
    return price_list


def _fill(session: Session, price_list: PriceList, command: SavePriceList) -> None:
    price_list.group_id = group_id_of(session, command.group)
    price_list.name = text.name(command.name or command.code, "name")
    price_list.valid_from = command.valid_from
    price_list.valid_until = command.valid_until
    if command.valid_from and command.valid_until and command.valid_until < command.valid_from:
        raise Invalid("The last valid day comes before the first.", field="valid_until")


def _make_default(session: Session, price_list: PriceList, *, wanted: bool | None) -> None:
    """At most one default in a currency: choosing another takes the old one's place."""
    present = default_list_of(session, price_list.currency)
    chosen = present is None if wanted is None else wanted
    if chosen and present is not None and present.code != price_list.code:
        # The old default leaves first: the index lets no two stand side by side.
        session.execute(
            update(PriceList)
            .where(PriceList.id == present.id)
            .values(is_default=False, version=PriceList.version + 1)
            .execution_options(synchronize_session="fetch")
        )
    price_list.is_default = chosen


def _put_prices(
    session: Session, price_list: PriceList, prices: Sequence[PriceInput], *, replace: bool
) -> None:
    if len(prices) > MOST_PRICES:
        raise Invalid(f"At most {MOST_PRICES:,} prices at a time.", field="prices")
    rows = _checked(session, price_list, prices)
    on_list = delete(Price).where(Price.price_list_id == price_list.id)
    if replace:
        session.execute(on_list)
    else:
        for pack_id, from_packs in rows:
            session.execute(on_list.where(Price.pack_id == pack_id, Price.from_packs == from_packs))
    new = [row for row in rows.values() if row["price_e4"] is not None]
    if new:
        session.execute(insert(Price), new)


def _checked(
    session: Session, price_list: PriceList, prices: Sequence[PriceInput]
) -> dict[tuple[int, int], dict[str, int | None]]:
    products = offered_products(session, skus={price.product for price in prices})
    rows: dict[tuple[int, int], dict[str, int | None]] = {}
    errors: list[FieldError] = []
    for i, given in enumerate(prices):
        product = products.get(given.product)
        pack = product.pack(given.pack) if product else None
        fault = _fault(given, product, pack, price_list.currency)
        if fault is None and pack is not None and (pack.id, given.from_packs) in rows:
            fault = ("from_packs", "The same pack and quantity stands twice.")
        if fault:
            errors.append(FieldError(f"prices.{i}.{fault[0]}", fault[1]))
        elif product and pack:
            rows[pack.id, given.from_packs] = {
                "price_list_id": price_list.id,
                "pack_id": pack.id,
                "product_id": product.id,
                "from_packs": given.from_packs,
                "price_e4": given.price.e4 if given.price else None,
            }
    if errors:
        raise Invalid.of(errors)
    return rows


def _fault(
    given: PriceInput, product: OfferedProduct | None, pack: OfferedPack | None, currency: str
) -> tuple[str, str] | None:
    if product is None:
        return "product", "There is no such product."
    if pack is None:
        return "pack", f"{product.sku} has no such pack."
    if not 1 <= given.from_packs <= MOST_PACKS:
        return "from_packs", f"A price starts from 1 to {MOST_PACKS:,} packs."
    if given.price is not None and given.price.currency != currency:
        return "unit_price", f"This list is in {currency}."
    return None
