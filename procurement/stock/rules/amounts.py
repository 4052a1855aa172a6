"""How much is left in an opened container, told as people tell it: in doses, pump strokes, on a scale, or by eye."""

from dataclasses import dataclass

from procurement.kernel.errors import Invalid
from procurement.kernel.quantity import Unit
from procurement.stock.terms import Told

QUARTERS = 4
# What one treatment usually takes where a product does not say: 30 ml, 20 g, one piece.
USUAL_DOSE = {Unit.ML: 30_000, Unit.G: 20_000, Unit.PIECE: 1}
# A bottle holds a little more than its label says, and a scale is not a chemist's.
_MOST_PERCENT = 105


@dataclass(frozen=True, slots=True)
class Vessel:
    """An opened container as a reading needs it: what it held at first and holds by the book, in steps.

    `density` is in mg per ml, `tare` what it weighs empty, in mg.
    """

    unit: Unit
    filled: int
    left: int
    dose: int | None = None
    pump_stroke: int | None = None
    density: int | None = None
    tare: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody saw. `figure` counts doses, strokes, steps, mg on the scale (container and all), or quarters."""

    told: Told
    figure: int


def left_after(vessel: Vessel, reading: Reading) -> int:
    """The steps left by a reading. Raises Invalid where it cannot be, and says what is missing to know it."""
    if reading.figure < 0:
        raise Invalid("An amount is not negative.", field="amount")
    left = _LEFT[reading.told](vessel, reading.figure)
    if left < 0:
        raise Invalid("That is more than was left in it.", field="amount")
    if left > vessel.filled * _MOST_PERCENT // 100:
        raise Invalid("That is more than it held when it was opened.", field="amount")
    return left


def _after_doses(vessel: Vessel, doses: int) -> int:
    if vessel.dose is None:
        raise Invalid(
            "Nobody has said what one dose is; the product's page takes it.", field="told"
        )
    return vessel.left - doses * vessel.dose


def _after_strokes(vessel: Vessel, strokes: int) -> int:
    if vessel.pump_stroke is None:
        raise Invalid(
            "Nobody has said what one pump stroke gives; the product's page takes it.", field="told"
        )
    return vessel.left - strokes * vessel.pump_stroke


def _after_use(vessel: Vessel, steps: int) -> int:
    return vessel.left - steps


def _as_told(_vessel: Vessel, steps: int) -> int:
    return steps


def _by_eye(vessel: Vessel, quarters: int) -> int:
    if quarters > QUARTERS:
        raise Invalid("A container is full at four quarters.", field="amount")
    return (vessel.filled * quarters + QUARTERS // 2) // QUARTERS


def _by_scale(vessel: Vessel, gross: int) -> int:
    """Weight less tare, through the density, rounded half up to a step."""
    if vessel.tare is None:
        raise Invalid("Nobody has said what the empty container weighs.", field="told")
    net = gross - vessel.tare
    if net < 0:
        raise Invalid("That is lighter than the empty container.", field="amount")
    if vessel.unit is Unit.G:
        return net
    if vessel.unit is Unit.PIECE:
        raise Invalid("Pieces are counted, not weighed.", field="told")
    if vessel.density is None:
        raise Invalid("Nobody has said how heavy it is (its density).", field="told")
    return (net * 1000 + vessel.density // 2) // vessel.density


_LEFT = {
    Told.DOSES: _after_doses,
    Told.STROKES: _after_strokes,
    Told.USED: _after_use,
    Told.LEFT: _as_told,
    Told.EYE: _by_eye,
    Told.SCALE: _by_scale,
}
