"""The values of the contract: quantities, money, percentages, moments; text bounded and clean.

Numbers are text with a plain decimal in them; a JSON number, an exponent or NaN is a 422 that names the field.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
)

from procurement.kernel import text
from procurement.kernel.clock import end_of_day, start_of_day
from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice
from procurement.kernel.paging import Page
from procurement.kernel.quantity import Quantity

DECIMAL = r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$"


class Body(BaseModel):
    """What is sent: unknown fields are refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class Shape(BaseModel):
    """What is answered."""

    model_config = ConfigDict(populate_by_name=True)


def _checked(check: Callable[[str, str], str]) -> Callable[[str], str]:
    def validate(value: str) -> str:
        try:
            return check(value, "")
        except Invalid as error:
            raise ValueError(error.message) from error

    return validate


Code = Annotated[str, AfterValidator(_checked(text.code)), Field(max_length=64)]
Name = Annotated[str, AfterValidator(_checked(text.name)), Field(max_length=200)]
Line = Annotated[str, AfterValidator(_checked(text.optional_line)), Field(max_length=200)]
Prose = Annotated[str, AfterValidator(_checked(text.prose)), Field(max_length=10_000)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Packs = Annotated[int, Field(ge=1, le=1_000_000)]

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_WHOLE = re.compile(r"[0-9]{1,9}")


def require_reasonable(when: date) -> None:
    """Days and moments far outside cannot be turned into every zone."""
    if not EARLIEST_YEAR <= when.year <= LATEST_YEAR:
        raise ValueError(f"The year lies between {EARLIEST_YEAR} and {LATEST_YEAR}.")


def _day(value: object) -> object:
    """A number of seconds written as text is no date, whatever pydantic thinks."""
    if isinstance(value, str):
        if not _DAY.fullmatch(value):
            raise ValueError("A date is written YYYY-MM-DD.")
        day = date.fromisoformat(value)
        require_reasonable(day)
        return day
    return value


def _moment(value: object) -> object:
    if isinstance(value, str):
        if not _MOMENT.fullmatch(value):
            raise ValueError("A moment is written 2026-11-23T12:00:00Z.")
        moment = datetime.fromisoformat(value)
        require_reasonable(moment)
        return moment
    return value


def _whole(value: object) -> object:
    """Of an address: digits, and nothing that merely reads as a number."""
    if isinstance(value, str):
        if not _WHOLE.fullmatch(value):
            raise ValueError("A whole number.")
        return int(value)
    return value


Day = Annotated[date, BeforeValidator(_day)]
Whole = Annotated[int, BeforeValidator(_whole)]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_moment),
    PlainSerializer(
        lambda moment: moment.astimezone(UTC).isoformat().replace("+00:00", "Z"), return_type=str
    ),
]


def moment_in(written: str, zone: str, *, field: str, begins: bool = False) -> datetime:
    """Of an address: a moment with its zone, or a date, which means the end (or beginning) of that day in `zone`."""
    try:
        if _DAY.fullmatch(written):
            day = date.fromisoformat(written)
            require_reasonable(day)
            return start_of_day(day, zone) if begins else end_of_day(day, zone)
        moment = datetime.fromisoformat(
            written.replace(" ", "+")
        )  # a plus sign that nobody encoded
        require_reasonable(moment)
    except (ValueError, OverflowError) as error:
        raise Invalid("A date (YYYY-MM-DD) or a moment with its zone.", field=field) from error
    if moment.tzinfo is None:
        raise Invalid("The moment says no zone; end it with Z.", field=field)
    return moment


class QuantityBody(Body):
    """`{"amount": "12.5", "unit": "ml"}`; units ml, l, g, kg, piece."""

    amount: str = Field(pattern=DECIMAL, examples=["12.5"])
    unit: str = Field(examples=["ml"])

    def value(self) -> Quantity:
        return Quantity.parse(self.amount, self.unit)


def _quantity(body: QuantityBody) -> QuantityBody:
    body.value()  # a bad unit or a finer amount is said here, at the field
    return body


QuantityIn = Annotated[QuantityBody, AfterValidator(_quantity)]


class QuantityOut(Shape):
    amount: str = Field(pattern=DECIMAL, examples=["12.5"])
    unit: str = Field(examples=["ml"])

    @classmethod
    def of(cls, quantity: Quantity) -> Self:
        return cls(amount=quantity.amount, unit=quantity.unit)


class MoneyBody(Body):
    """`{"amount": "12.50", "currency": "EUR"}`."""

    amount: str = Field(pattern=DECIMAL, examples=["12.50"])
    currency: str = Field(min_length=3, max_length=3, examples=["EUR"])

    def price(self) -> UnitPrice:
        return UnitPrice.parse(self.amount, self.currency)

    def money(self) -> Money:
        return Money.parse(self.amount, self.currency)


def _price(body: MoneyBody) -> MoneyBody:
    body.price()
    return body


PriceIn = Annotated[MoneyBody, AfterValidator(_price)]


def _money(body: MoneyBody) -> MoneyBody:
    body.money()
    return body


MoneyIn = Annotated[MoneyBody, AfterValidator(_money)]


class MoneyOut(Shape):
    amount: str = Field(pattern=DECIMAL, examples=["12.50"])
    currency: str = Field(examples=["EUR"])

    @classmethod
    def of(cls, money: Money | UnitPrice) -> Self:
        return cls(amount=money.amount, currency=money.currency)


def _percent(value: str) -> str:
    Rate.parse(value)
    return value


def _tax_percent(value: str) -> str:
    TaxRate.parse(value)
    return value


TaxPercentIn = Annotated[
    str, Field(pattern=DECIMAL, examples=["8.875"]), AfterValidator(_tax_percent)
]
PercentIn = Annotated[str, Field(pattern=DECIMAL, examples=["12.5"]), AfterValidator(_percent)]


class Nothing(Body):
    """`{}`: an action that needs no more words."""


class ListQuery(BaseModel):
    """`?limit=` (default 50, most 200) and `?cursor=`."""

    model_config = ConfigDict(extra="forbid")

    limit: Whole | None = Field(default=None, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=2_000)


S = TypeVar("S", bound=Shape)
R = TypeVar("R")


def listing(page: Page[Any], shape: Callable[[Any], S]) -> dict[str, object]:
    return {"items": [shape(item) for item in page.items], "next": page.next}
