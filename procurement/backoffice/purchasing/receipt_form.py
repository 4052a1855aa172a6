"""The form of a delivery: each line of the order, split over lots and places where it came so."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from wtforms import FormField, HiddenField, RadioField, SelectMultipleField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined] # newer than its stubs

from procurement.backoffice.catalogue.uploads import Uploads
from procurement.backoffice.purchasing import section
from procurement.files.operations.pictures import MOST_BYTES
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.kernel.money import UnitPrice
from procurement.purchasing.operations.receiving import (
    MOST_PHOTOS,
    DeliveredPhoto,
    ReceiveGoods,
)
from procurement.purchasing.rules.receiving import DeliveredLine
from procurement.purchasing.rules.wording import FAULT_WORDS
from procurement.purchasing.terms import Condition, Fault, OrderPage
from procurement.stock.queries.places import places
from procurement.stock.terms import LocationKind
from procurement.web.fields import (
    ChoiceField,
    DateField,
    PriceField,
    TextField,
    TickField,
    UploadsField,
    WholeNumberField,
)
from procurement.web.forms import BaseForm, LineForm, LineList

_TAKES_GOODS = (LocationKind.STOREROOM, LocationKind.TREATMENT_ROOM)
_NAMES = {"supplier_lot": "lot"}


class KeptField(SelectMultipleField):
    """Keys of pictures that were sent before; one that is left out is not kept."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[:MOST_PHOTOS]


class DeliveredLineForm(LineForm):
    position = WholeNumberField("Line", least=1)
    packs = WholeNumberField("Packs", least=0)
    lot = TextField("Lot", required=False, most=64)
    expires_on = DateField("Use by", required=False)
    condition = RadioField(
        "Condition",
        choices=[SelectChoice(c.value, c.value.capitalize()) for c in Condition],
        default=Condition.GOOD.value,
    )
    close_short = TickField("The rest will not come")
    named = TickField("The label names the allergens (EU 2023/1545)")
    into = ChoiceField("Put these elsewhere", required=False)
    fault = ChoiceField(
        "What is wrong",
        [
            ("", "Nothing"),
            *((fault.value, FAULT_WORDS[fault]) for fault in Fault if fault != "missing"),
        ],
        required=False,
    )
    why = TextField("Reason or remark", required=False)
    photos = UploadsField("Pictures of it", most_bytes=MOST_BYTES)
    kept = KeptField("Pictures already here")
    noted_packs = WholeNumberField("Packs as their note says", required=False)
    noted_price = PriceField("Price of a pack as it says", required=False)

    def to_line(self) -> DeliveredLine:
        return DeliveredLine(
            position=self.position.data,
            packs=self.packs.data,
            supplier_lot=self.lot.data or None,
            expires_on=self.expires_on.data,
            condition=Condition(self.condition.data),
            close_short=self.close_short.data,
            names_allergens=True if self.named.data else None,
            into=self.into.data or None,
            fault=Fault(self.fault.data) if self.fault.data else None,
            why=self.why.data,
            noted_packs=self.noted_packs.data,
            noted_price=self.noted_price.data,
        )

    @property
    def is_nothing(self) -> bool:
        """None of it came today and the rest is still expected: the line is left out."""
        told = (self.packs, self.close_short, self.noted_packs, self.photos, self.kept)
        return not any(field.data for field in told)

    @property
    def says_more(self) -> bool:
        """Whether the part that is folded away says something, or is wrong."""
        more = (self.into, self.why, self.noted_packs, self.noted_price)
        return any(field.data or field.errors for field in more)


class ReceiptForm(BaseForm):
    into = ChoiceField("Put into")
    delivery_note = TextField("Delivery note", required=False)
    key = HiddenField()
    lines = LineList(FormField(DeliveredLineForm), spare=0, least=1)

    def keep_photos(self, uploads: Uploads) -> None:
        """Put the pictures aside until the goods are received: a page that comes back has no files in it."""
        for entry in self.lines.entries:
            row = entry.form
            row.kept.data = list(row.kept.data or ())
            row.kept.data += [uploads.keep(name, data).key for data, name in row.photos.data or ()]
            row.photos.data = []

    def to_command(self, number: str, uploads: Uploads) -> ReceiveGoods:
        return ReceiveGoods(
            order_number=number,
            into=self.into.data,
            delivery_note=self.delivery_note.data,
            idempotency_key=f"form:{self.key.data[:64]}" if self.key.data else None,
            lines=tuple(self.lines.entries[index].form.to_line() for index in self._told()),
            photos=tuple(self._photos(uploads)),
        )

    def _photos(self, uploads: Uploads) -> Iterator[DeliveredPhoto]:
        for number, index in enumerate(self._told()):
            for key in self.lines.entries[index].form.kept.data or ():
                try:
                    kept = uploads.find(key)
                except NotFound as error:
                    raise Invalid(error.message, field=f"lines.{number}.photos") from error
                yield DeliveredPhoto(line=number, content=kept.data, name=kept.name)

    def at_rows(self, error: DomainError) -> DomainError:
        """The refusal by the rows as they are shown: those of which nothing came were left out."""
        return section.at_rows(error, self._told(), _NAMES)

    def _told(self) -> list[int]:
        entries = enumerate(self.lines.entries)
        return [index for index, entry in entries if not entry.form.is_nothing]


def offer_choices(session: ReadSession, form: ReceiptForm, order: OrderPage) -> None:
    """The places that take goods, and the currency that prices on the note are in."""
    offered = [
        (place.code, f"{place.name}, {place.site}")
        for place in places(session)
        if place.kind in _TAKES_GOODS
    ]
    form.into.choices = offered
    for entry in form.lines.entries:
        entry.form.into.choices = [("", "With the others"), *offered]
        entry.form.noted_price.currency = order.currency


def photo_names(form: ReceiptForm, uploads: Uploads) -> Mapping[str, str]:
    """What the pictures that were put aside are called, by their keys; those that are gone are left out."""
    found = {}
    for entry in form.lines.entries:
        for key in entry.form.kept.data or ():
            with suppress(NotFound):
                found[key] = uploads.find(key).name
    return found


def rows_of(lines: Sequence[DeliveredLine], order: OrderPage) -> list[dict[str, Any]]:
    """Rows of the form for what a delivery note says; what it does not name is there with nothing come."""
    told = {line.position for line in lines}
    missing = [one.position for one in order.lines if one.outstanding and one.position not in told]
    rows = [
        {
            "position": line.position,
            "packs": line.packs,
            "lot": line.supplier_lot or "",
            "expires_on": line.expires_on,
            "noted_packs": line.noted_packs,
            "noted_price": _price(line.noted_price, order.currency),
        }
        for line in lines
    ] + [{"position": position, "packs": 0} for position in missing]
    return sorted(rows, key=lambda row: int(str(row["position"])))


def _price(noted: str | UnitPrice | None, currency: str) -> UnitPrice | None:
    """What cannot be read as a price is left out; the person sees the note."""
    if noted is None or isinstance(noted, UnitPrice):
        return noted
    try:
        return UnitPrice.parse(noted, currency)
    except ValueError:
        return None
