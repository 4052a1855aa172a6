"""What the stock context refuses, in words a therapist understands."""

from procurement.kernel.errors import Conflict, Invalid, register_constraint
from procurement.kernel.guards import guard_name


class InsufficientStock(Conflict):
    """There is less than was asked for. `left` is what could be taken, in steps; None when unknown."""

    def __init__(self, message: str, *, field: str = "", left: int | None = None) -> None:
        super().__init__(message, field=field)
        self.left = left


class LotNotUsable(Conflict):
    """The lot is past its use-by, in quarantine or recalled."""


class PeriodClosed(Conflict):
    """The books are closed for that day."""


class ContainerElsewhere(Conflict):
    """An opened container stands in one place; it is not where, or not what, it is taken for."""


class ContainerFinished(Conflict):
    """The opened container is empty already, or was thrown away."""


class StillGood(Conflict):
    """It is not past its date: another cause must be named."""


class TransferState(Conflict):
    """The transfer is somewhere else on its way."""


class MoreThanSent(Conflict):
    """More would have arrived, or be explained, than was sent."""


class RecallState(Conflict):
    """The recall is closed, or that place is dealt with, or something is still missing."""


class AlreadyReversed(Conflict):
    """A posting is reversed at most once."""


class BelongsToDocument(Conflict):
    """A document made the posting; only that document's own operation takes it back."""


class CountRunning(Conflict):
    """The room is being counted already, by the count named."""

    def __init__(self, message: str, number: str = "") -> None:
        super().__init__(message, field="location")
        self.number = number


class CountClosed(Conflict):
    """The count is posted or cancelled."""


class CountUndecided(Conflict):
    """Lines of the count need a person's decision before it can be posted."""


class CountChanged(Conflict):
    """Somebody counted while the page was open."""


def register() -> None:
    """Give the constraints of this context their sentences."""
    register_constraint(
        "ck_balance_never_below_nothing", lambda: InsufficientStock("There is not enough there.")
    )
    register_constraint(
        "ck_balance_reserved_is_there",
        lambda: InsufficientStock("What is left there is reserved for something else."),
    )
    register_constraint("uq_posting_idempotency_key", lambda: Conflict("This was posted already."))
    register_constraint(
        "uq_posting_reverses_id", lambda: AlreadyReversed("This posting was reversed already.")
    )
    register_constraint(
        "ck_posting_not_in_the_future",
        lambda: Invalid("A posting cannot lie in the future.", field="occurred_at"),
    )
    register_constraint(
        "uq_site_code", lambda: Conflict("There is a site with this code.", field="code")
    )
    register_constraint(
        "uq_location_code", lambda: Conflict("There is a location with this code.", field="code")
    )
    register_constraint(
        "uq_lot_product_id_number",
        lambda: Conflict("The product has a lot with this number.", field="lot"),
    )
    register_constraint(
        "ck_stocking_rule_reorder_point_below_par",
        lambda: Invalid("The reorder point lies above the par level.", field="reorder_point"),
    )
    register_constraint(
        "uq_stock_count_active", lambda: CountRunning("This place is being counted already.")
    )
    register_constraint(
        "uq_stock_count_entry_uid",
        lambda: Conflict("That id stands for something else counted.", field="id"),
    )
    register_constraint(
        "ck_transfer_line_arrived_was_sent",
        lambda: MoreThanSent("Somebody took this in already; less is still under way."),
    )
    for table in ("posting", "movement"):
        register_constraint(
            guard_name(table), lambda: Conflict("What was posted is reversed, never changed.")
        )
    for table in ("stock_count_entry", "stock_count_correction"):
        register_constraint(
            guard_name(table), lambda: Conflict("What was counted is superseded, never changed.")
        )


register()
