"""What was observed in the portal, on its way to be kept."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody searched (`text`, `hits`) or opened a product's page (`product_id`)."""

    at: datetime
    customer_id: int | None
    text: str = ""
    hits: int = 0
    product_id: int | None = None
