"""Certificates of suppliers, and the days on which suppliers take orders."""

import base64
import binascii
import re
from datetime import time
from typing import Any, Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    ListQuery,
    Moment,
    Name,
    Shape,
)
from procurement.kernel.errors import Invalid
from procurement.sourcing.operations.calendars import SaveCalendar
from procurement.sourcing.operations.certificates import KeepCertificate
from procurement.sourcing.terms import (
    CertificateKind,
    CertificateRow,
    CertificateState,
    ClosedDays,
    OrderCalendar,
)

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


class CertificateQuery(ListQuery):
    supplier: Code | None = None
    product: Code | None = Field(
        default=None, description="Also what its suppliers hold for all they sell"
    )
    kind: CertificateKind | None = None
    state: CertificateState | None = None


class VersionBody(Body):
    file_name: Name
    content_base64: str = Field(max_length=900_000, description="A PDF")
    reference: Line = ""
    issuer: Line = ""
    valid_until: Day | None = None
    remind_days: int = Field(default=30, ge=0, le=3650, description="Days before its last day")

    def details(self) -> dict[str, Any]:
        try:
            content = base64.b64decode(self.content_base64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Invalid("This is no base64.", field="content_base64") from error
        return {
            "content": content,
            "file_name": self.file_name,
            "reference": self.reference,
            "issuer": self.issuer,
            "valid_until": self.valid_until,
            "remind_days": self.remind_days,
        }


class CertificateBody(VersionBody):
    kind: CertificateKind
    supplier: Code
    product: Code | None = Field(default=None, description="Default: all that they sell")

    def command(self) -> KeepCertificate:
        return KeepCertificate(
            kind=self.kind, supplier=self.supplier, product=self.product, **self.details()
        )


class CertificateShape(Shape):
    number: str
    kind: CertificateKind
    supplier: str
    product: str | None
    reference: str
    issuer: str
    version: int
    valid_until: Day | None
    remind_days: int
    state: CertificateState
    file_name: str
    recorded_at: Moment
    recorded_by: str
    is_current: bool

    @classmethod
    def of(cls, row: CertificateRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class CertificateVersionsShape(Shape):
    versions: list[CertificateShape] = Field(description="The latest first")


class ClosedBody(Body):
    first: Day
    last: Day | None = Field(default=None, description="Default: the first day")
    why: Line = ""


class CalendarBody(Body):
    """Without order days the supplier's calendar is forgotten: any day will do."""

    order_days: list[int] = Field(
        max_length=7, description="ISO weekdays, Monday is 1; none: no calendar"
    )
    time_zone: str = Field(default="UTC", max_length=64, examples=["Europe/Dublin"])
    cut_off: str | None = Field(default=None, max_length=5, examples=["14:00"])
    country: str = Field(default="", max_length=2, description="Whose public holidays are kept")
    subdivision: str = Field(default="", max_length=32)
    closed: list[ClosedBody] = Field(default_factory=list, max_length=100)

    def command(self, supplier: str) -> SaveCalendar:
        if not self.order_days:
            return SaveCalendar(supplier, None)
        return SaveCalendar(
            supplier,
            OrderCalendar(
                time_zone=self.time_zone,
                order_days=frozenset(self.order_days),
                cut_off=_clock(self.cut_off),
                country=self.country,
                subdivision=self.subdivision,
                closed=tuple(
                    ClosedDays(one.first, one.last or one.first, one.why) for one in self.closed
                ),
            ),
        )


class ClosedShape(Shape):
    first: Day
    last: Day
    why: str


class CalendarShape(Shape):
    supplier: str
    order_days: list[int] = Field(description="None: nobody has written a calendar down")
    time_zone: str
    cut_off: str | None
    country: str
    subdivision: str
    closed: list[ClosedShape]

    @classmethod
    def of(cls, supplier: str, calendar: OrderCalendar | None, zone: str) -> Self:
        known = calendar or OrderCalendar(time_zone=zone, order_days=frozenset())
        cut_off = known.cut_off
        return cls(
            supplier=supplier,
            order_days=sorted(known.order_days),
            time_zone=known.time_zone,
            cut_off=f"{cut_off:%H:%M}" if cut_off else None,
            country=known.country,
            subdivision=known.subdivision,
            closed=[
                ClosedShape(first=one.first, last=one.last, why=one.why) for one in known.closed
            ],
        )


def _clock(written: str | None) -> time | None:
    if written is None:
        return None
    match = _CLOCK.fullmatch(written)
    if match is None:
        raise Invalid("Write the time as 14:00.", field="cut_off")
    return time(int(match[1]), int(match[2]))
