"""What sales refuses, in words for people."""

from procurement.kernel.errors import Conflict, Invalid, NotFound, register_constraint
from procurement.kernel.money import Money


class WrongStatus(Conflict):
    """The document is not in a state that allows this."""


class QuoteExpired(Conflict):
    """The last valid day is over."""


class LinkEnded(Conflict):
    """Somebody of the house has ended the private link."""


class OtherTotal(Invalid):
    """What was chosen comes to another total than was shown."""

    def __init__(self, total: Money) -> None:
        super().__init__(f"With what you chose it comes to {total}. Look again, then accept.")
        self.total = total


class StaleVersion(Conflict):
    """Somebody else saved in between."""


class ApprovalNeeded(Conflict):
    """A rule asks somebody else to agree first."""


class NotPriced(Conflict):
    """A line has no price yet, so the quote cannot leave the house."""


class OtherTaxPlace(Conflict):
    """A buyer's change to their addresses would move where their taxes are decided."""


class OrderUnknown(NotFound):
    """There is no such order, shipment or return."""


class MoreThanAccepted(Conflict):
    """More would be ordered than the customer accepted."""


class OverShipment(Conflict):
    """More would be shipped than is ordered, or than is reserved."""


class OverReturn(Conflict):
    """More would come back than was shipped."""


class AlreadyReversed(Conflict):
    """A document is taken back at most once."""


class LotRefused(Conflict):
    """This lot may not go to the customer, or nothing of it is free."""


class PaymentRefused(Conflict):
    """The order is not one that this payment is for."""


class NotPaid(Conflict):
    """A prepaid order leaves the house when it is paid."""


class CreditExceeded(Conflict):
    """The customer's open orders would pass the limit agreed on."""


def _register() -> None:
    sentences = {
        "uq_customer_code": ("There is a customer with this code already.", "code"),
        "uq_trade_application_one_waiting": (
            "We have your application; you hear from us by mail.",
            "email",
        ),
        "uq_customer_group_code": ("There is a customer group with this code already.", "code"),
        "uq_price_list_code": ("There is a price list with this code already.", "code"),
        "uq_price_list_one_default": ("This currency has a default price list already.", "default"),
        "pk_price": ("The same pack and quantity stands twice on the list.", "prices"),
        "uq_quote_one_draft": ("Somebody is revising this quote already; open that draft.", ""),
        "uq_quote_one_issued": ("Another revision of this quote is with the customer.", ""),
        "uq_quote_template_name": ("There is a template of this name already.", "name"),
        "uq_quote_line_one_chosen": ("Only one alternative of a group can be suggested.", "lines"),
        "pk_quote_line_offer": ("The same quantity is offered twice on a line.", "lines"),
        "uq_invoice_export_item_shipment_id": ("That is in another export already.", ""),
        "uq_invoice_export_item_return_id": ("That is in another export already.", ""),
        "ck_sales_order_line_over_shipment": ("That is more than was ordered.", "lines"),
        "ck_shipment_line_over_return": ("More came back than was shipped.", "lines"),
        "uq_sales_order_placed_key": ("That order is with us already.", ""),
        "uq_punchout_connection_parties": (
            "Another connection is known by these numbers already.",
            "sender_identity",
        ),
        "pk_punchout_order": ("That order is with us already.", ""),
        "uq_cxml_message_taken_once": ("That message has just been taken.", ""),
        "uq_return_request_asked_key": ("That is with us already.", ""),
        "uq_payment_event_event_id": ("This event has just been taken; send it again.", "id"),
        "uq_quote_answer_quote_id": ("This quote has just been answered; look again.", ""),
        "guard_append_only_quote_answer": ("An answer is never changed.", ""),
        "uq_quote_number_revision": ("Somebody has just made this revision; look again.", ""),
    }
    for name, (sentence, field) in sentences.items():
        register_constraint(name, lambda s=sentence, f=field: Conflict(s, field=f))  # type: ignore[misc]


_register()
