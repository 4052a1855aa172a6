"""What is in a basket, and what became of those a buyer has sent in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from procurement.catalogue.models import Pack, Product, ProductPicture
from procurement.catalogue.rules.order_rules import FREE, OrderRule
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.files.models import StoredFile
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity, Unit
from procurement.sales.models import BasketLine, Enquiry, EnquiryLine
from procurement.sales.terms import EnquiryStatus


@dataclass(frozen=True, slots=True)
class BasketRow:
    """So many packs of a product."""

    pack_id: int
    product: str
    product_name: str
    is_offered: bool
    pack: str
    pack_name: str
    size: Quantity  # of one pack
    packs: int
    picture: str | None
    rule: OrderRule = FREE
    is_goods: bool = True  # a service is not brought
    product_id: int = 0

    @property
    def quantity(self) -> Quantity:
        return self.size * self.packs


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request for a quote that has not become one yet."""

    number: str
    received_at: datetime
    products: int
    link_token: str | None  # of its thread


def basket_of(session: ReadSession, *, actor: Actor) -> dict[int, int]:
    """How many of which pack (by key) the actor has put aside: a buyer, or somebody on a visit."""
    actor.require(Permission.BUY)
    rows = session.execute(select(BasketLine.pack_id, BasketLine.packs).where(is_basket_of(actor)))
    return {pack_id: packs for pack_id, packs in rows}  # noqa: C416 (a Row is not a pair to the type checker)


def is_basket_of(actor: Actor) -> ColumnElement[bool]:
    """Whether a BasketLine stands in the actor's basket."""
    if actor.visit is not None:
        return BasketLine.visit_id == actor.visit
    return BasketLine.user_id == actor.id


def basket_rows(session: ReadSession, packs: Mapping[int, int]) -> list[BasketRow]:
    """These packs with their products, by name; what is not there any more is left out."""
    leading = (
        select(StoredFile.sha256)
        .join(ProductPicture, ProductPicture.file_id == StoredFile.id)
        .where(ProductPicture.product_id == Product.id)
        .order_by(ProductPicture.position)
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Product, Pack, leading)
        .join(Pack, Pack.product_id == Product.id)
        .where(Pack.id.in_(packs))
        .order_by(Product.name, Product.id, Pack.position, Pack.id)
    )
    return [
        BasketRow(
            pack_id=pack.id,
            product=product.sku,
            product_name=product.name,
            is_offered=product.status is ProductStatus.ACTIVE,
            pack=pack.code,
            pack_name=pack.name,
            size=Quantity(pack.size_steps, Unit(product.unit)),
            packs=packs[pack.id],
            picture=picture,
            rule=pack.rule,
            is_goods=product.kind is not Kind.SERVICE,
            product_id=product.id,
        )
        for product, pack, picture in rows
    ]


def open_requests(session: ReadSession, *, actor: Actor) -> list[RequestRow]:
    """What the actor's customer has asked for and not been quoted yet, the newest first."""
    actor.require(Permission.BUY)
    products = (
        select(func.count())
        .select_from(EnquiryLine)
        .where(EnquiryLine.enquiry_id == Enquiry.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Enquiry.number, Enquiry.received_at, products, Enquiry.link_token)
        .where(
            Enquiry.customer_id == actor.customer_id,
            Enquiry.status.in_([EnquiryStatus.NEW, EnquiryStatus.ANSWERED]),
        )
        .order_by(Enquiry.id.desc())
        .limit(20)
    )
    return [RequestRow(*row) for row in rows]
