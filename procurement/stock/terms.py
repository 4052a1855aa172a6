"""Words of the stock context that doors may see."""

from enum import StrEnum


class LocationKind(StrEnum):
    STOREROOM = "storeroom"
    TREATMENT_ROOM = "treatment_room"
    QUARANTINE = "quarantine"
    IN_TRANSIT = "in_transit"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    CONSUMED = "consumed"
    ADJUSTMENT = "adjustment"
    CONVERSION = "conversion"
    OPENING = "opening"

    @property
    def is_physical(self) -> bool:
        return self in PHYSICAL_KINDS


PHYSICAL_KINDS = frozenset(
    {
        LocationKind.STOREROOM,
        LocationKind.TREATMENT_ROOM,
        LocationKind.QUARANTINE,
        LocationKind.IN_TRANSIT,
    }
)

# Virtual places exist from the start, one of each kind; their code is the kind in capitals.
VIRTUAL_CODES = {kind.value.upper(): kind for kind in LocationKind if kind not in PHYSICAL_KINDS}


class LotStatus(StrEnum):
    AVAILABLE = "available"
    QUARANTINE = "quarantine"
    RECALLED = "recalled"


class Reason(StrEnum):
    """Why a posting was made."""

    OPENING = "opening"  # stock there was when the ledger began
    RECEIPT = "receipt"
    TRANSFER = "transfer"
    CONSUMPTION = "consumption"
    WRITE_OFF = "write_off"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"


class TransferStatus(StrEnum):
    DRAFT = "draft"  # reserved at its source, not yet carried
    DONE = "done"
    CANCELLED = "cancelled"
