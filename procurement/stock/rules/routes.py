"""Which way goods may go for which reason."""

from procurement.stock.terms import LocationKind, Place, Reason

_OPENING, _CONSUMED, _ADJUSTMENT = (
    LocationKind.OPENING,
    LocationKind.CONSUMED,
    LocationKind.ADJUSTMENT,
)


def objection(reason: Reason, source: Place, destination: Place) -> tuple[str, str] | None:
    """What is wrong with a move a person asks for: the field ("from" or "to") and a sentence; None when it may go."""
    if source.id == destination.id:
        return "to", "A move leads somewhere else."
    if reason is Reason.ADJUSTMENT:
        return _objection_to_adjustment(source, destination)
    virtual_source, virtual_destination = _VIRTUAL_ENDS[reason]
    for field, place, virtual in (
        ("from", source, virtual_source),
        ("to", destination, virtual_destination),
    ):
        if virtual is None and not place.is_physical:
            return field, f"{place.code} is not a room or storeroom."
        if virtual is not None and place.kind is not virtual:
            return field, f"For this reason it must be {virtual.value.upper()}."
    return None


def _objection_to_adjustment(source: Place, destination: Place) -> tuple[str, str] | None:
    if _ADJUSTMENT not in {source.kind, destination.kind}:
        return "to", "An adjustment goes to or comes from ADJUSTMENT."
    if source.is_physical == destination.is_physical:
        return "to", "An adjustment has a room or storeroom at its other end."
    return None


# Reason -> the virtual kind it comes from and goes to; None stands for a physical place.
_VIRTUAL_ENDS: dict[Reason, tuple[LocationKind | None, LocationKind | None]] = {
    Reason.OPENING: (_OPENING, None),
    Reason.TRANSFER: (None, None),
    Reason.CONSUMPTION: (None, _CONSUMED),
    Reason.WRITE_OFF: (None, _ADJUSTMENT),
    Reason.ADJUSTMENT: (None, None),
}

# The reasons people post by hand; documents make the others.
BY_HAND = frozenset(_VIRTUAL_ENDS)
