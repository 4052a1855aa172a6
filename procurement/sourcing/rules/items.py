"""What the figures of a supplier item must keep to."""

from collections.abc import Iterator

from procurement.kernel.errors import FieldError

MAX_PACKS = 1_000_000
MAX_LEAD_TIME_DAYS = 3650
MAX_GUARANTEED_DAYS = 36_500


def item_errors(
    moq: int, multiple: int, lead_time_days: int, guaranteed_days: int | None = None
) -> Iterator[FieldError]:
    """Name every figure that cannot be."""
    for field, packs in (("moq", moq), ("multiple", multiple)):
        if not 1 <= packs <= MAX_PACKS:
            yield FieldError(field, f"This lies between 1 and {MAX_PACKS:,} packs.")
    if not 0 <= lead_time_days <= MAX_LEAD_TIME_DAYS:
        yield FieldError("lead_time_days", f"This lies between 0 and {MAX_LEAD_TIME_DAYS:,} days.")
    if guaranteed_days is not None and not 1 <= guaranteed_days <= MAX_GUARANTEED_DAYS:
        yield FieldError(
            "guaranteed_days", f"This lies between 1 and {MAX_GUARANTEED_DAYS:,} days."
        )
