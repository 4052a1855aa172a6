"""Words of batches of quotes."""

from enum import StrEnum


class BatchStatus(StrEnum):
    """Of many quotes printed at one go."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
