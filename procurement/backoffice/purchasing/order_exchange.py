"""A placed order to take along for other programs: as UBL for Peppol, as Order-X."""

from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.exchange.order_x import order_to_order_x
from procurement.exchange.ubl.order import order_to_ubl
from procurement.purchasing.queries.trade import issued_order
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.transactions import read

bp = section.door("order_exchange", __name__, "/purchase-orders")
_XML = "application/xml"


@bp.get("/<number>/ubl")
def ubl(number: str) -> Response:
    with read() as session:
        content = issued_order(session, number, actor=current_actor())
    return attachment(order_to_ubl(content), f"{number}-ubl.xml", _XML)


@bp.get("/<number>/order-x")
def order_x(number: str) -> Response:
    with read() as session:
        content = issued_order(session, number, actor=current_actor())
    return attachment(order_to_order_x(content), f"{number}-order-x.xml", _XML)
