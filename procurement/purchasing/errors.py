"""What purchasing refuses, in words a stock keeper understands."""

from procurement.kernel.errors import Conflict, NotFound, register_constraint


class OrderUnknown(NotFound):
    """No order has this number."""


class ReceiptUnknown(NotFound):
    """No goods receipt has this number."""


class ReturnUnknown(NotFound):
    """No return to a supplier has this number."""


class ClaimUnknown(NotFound):
    """No claim has this number."""


class ClaimState(Conflict):
    """The claim's state does not allow it."""


class WrongStatus(Conflict):
    """The order's status does not allow it."""


class OrderNotPlaced(WrongStatus):
    """Goods arrive for orders that were placed and are not finished."""


class OverReceipt(Conflict):
    """More than ordered plus the tolerance."""


class ShortDated(Conflict):
    """What arrived is past its date and may not go on the shelf as good."""


class AlreadyReversed(Conflict):
    """A receipt is reversed at most once."""


class StaleVersion(Conflict):
    """Somebody changed the order since it was read."""


class RateUnknown(Conflict):
    """A rule is in the company's currency, and no exchange rate says what the order is worth in it."""


class OverDraw(Conflict):
    """More than is left on a blanket order."""


class RuleUnknown(NotFound):
    """There is no such approval rule."""


class InvoiceUnknown(NotFound):
    """No supplier invoice has this number."""


class DuplicateInvoice(Conflict):
    """The supplier's number is recorded already."""


class DifferencesOpen(Conflict):
    """The invoice differs more than the tolerance lets pass; somebody who may decides, and says why."""


class OverInvoiced(Conflict):
    """More would be approved to pay than was received, or credited than was invoiced."""


class RequestUnknown(NotFound):
    """No request for quotation has this number, or no link leads here."""


class LateAnswer(Conflict):
    """The last day for answers is over."""


def register() -> None:
    """Give the constraints of this context their sentences."""
    register_constraint(
        "uq_supplier_invoice_supplier_number",
        lambda: DuplicateInvoice(
            "This number of the supplier is recorded already.", field="supplier_number"
        ),
    )
    register_constraint(
        "uq_supplier_invoice_idempotency_key",
        lambda: Conflict("This invoice is being recorded by another request; look again."),
    )
    register_constraint(
        "ck_purchase_order_line_over_invoice",
        lambda: OverInvoiced(
            "An invoice for these goods is approved to pay; ask for a credit note first."
        ),
    )
    register_constraint(
        "ck_purchase_order_line_credited_too_much",
        lambda: OverInvoiced("More would be credited than was invoiced."),
    )
    register_constraint(
        "ck_purchase_order_line_over_receipt",
        lambda: OverReceipt("More would be received than was ordered."),
    )
    register_constraint(
        "ck_blanket_line_over_draw",
        lambda: OverDraw("More would be drawn than is left on the blanket order."),
    )
    register_constraint(
        "uq_goods_receipt_idempotency_key",
        lambda: Conflict("This delivery is being received by another request; look again."),
    )
    for table in ("supplier_return", "claim"):
        register_constraint(
            f"uq_{table}_idempotency_key",
            lambda: Conflict("This is being made by another request already; look again."),
        )


register()
