"""The Order-X document of a placed order on its own, the same as inside its PDF."""

from procurement.documents.content import PurchaseOrderContent
from procurement.documents.order_x import can_be_order_x, order_x
from procurement.kernel.errors import Conflict


def order_to_order_x(content: PurchaseOrderContent) -> bytes:
    """Conflict where the profile has no words for it: an unknown country, a currency of three decimals."""
    if not can_be_order_x(content):
        raise Conflict(
            f"{content.number} has no Order-X: give the company's address its country; amounts have two decimals."
        )
    return order_x(content)
