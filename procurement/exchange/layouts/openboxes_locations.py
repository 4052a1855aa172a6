"""OpenBoxes' locations: suppliers are suppliers here, every other place is a location of its organisation's site."""

from procurement.exchange.layouts.base import Layout, Line, Sheet, columns
from procurement.exchange.records import At, LocationDraft, SupplierDraft
from procurement.exchange.slugs import code_of
from procurement.stock.terms import VIRTUAL_CODES, LocationKind

_SUPPLIERS = {"supplier", "manufacturer", "donor"}
_KINDS = {
    "depot": LocationKind.STOREROOM,
    "warehouse": LocationKind.STOREROOM,
    "dispensary": LocationKind.TREATMENT_ROOM,
    "pharmacy": LocationKind.TREATMENT_ROOM,
    "ward": LocationKind.TREATMENT_ROOM,
}


def read(sheet: Sheet) -> None:
    assumed: dict[str, int] = {}
    addresses = 0
    for line in sheet.lines():
        name = line.text("name", required=True)
        kind = line.text("type", required=True)
        code = line.code("code") or code_of(name)
        active = line.flag("active")
        if code in VIRTUAL_CODES:
            line.blame("code", f"{code} is the name of a virtual place of the ledger")
        taken = sheet.harvest.locations.get(code) or sheet.harvest.suppliers.get(code)
        if taken is not None:
            line.blame("code", f"{code} is already in row {taken.row}")
        if line.refused():
            continue
        if kind.lower() in _SUPPLIERS:
            draft = SupplierDraft(code, name, address=_address(line), active=active is not False)
            sheet.harvest.suppliers[code] = At(line.number, draft)
            continue
        if kind.lower() not in _KINDS:
            assumed[kind] = assumed.get(kind, 0) + 1
        addresses += bool(_address(line))
        sheet.harvest.locations[code] = At(line.number, _location(line, code, name, kind))
    _warn(sheet, assumed, addresses)


def _location(line: Line, code: str, name: str, kind: str) -> LocationDraft:
    site = line.text("organisation") or name
    return LocationDraft(
        code=code,
        name=name,
        kind=_KINDS.get(kind.lower(), LocationKind.STOREROOM),
        site=code_of(site),
        site_name=site,
        active=line.flag("active") is not False,
    )


def _address(line: Line) -> str:
    place = " ".join(part for part in (line.text("postal_code"), line.text("city")) if part)
    lines = (
        line.text("street"),
        line.text("street2"),
        place,
        line.text("state"),
        line.text("country"),
    )
    return "\n".join(part for part in lines if part)


def _warn(sheet: Sheet, assumed: dict[str, int], addresses: int) -> None:
    for kind, count in assumed.items():
        sheet.harvest.warnings.append(f"{count} locations of the type {kind} became storerooms.")
    if addresses:
        sheet.harvest.warnings.append(
            f"The addresses of {addresses} locations were not taken: only sites and suppliers have one."
        )
    sheet.warn_of_columns_not_taken()


LAYOUT = Layout(
    name="openboxes",
    title="OpenBoxes locations",
    subjects=frozenset({"location", "supplier"}),
    columns=columns(
        name="name",
        type="locationType",
        code="locationNumber",
        organisation="organization",
        active="active",
        street="streetAddress",
        street2="streetAddress2",
        city="city",
        state="stateOrProvince",
        postal_code="postalCode",
        country="country",
    ),
    required=("name", "type", "code"),
    read=read,
    ignored=frozenset({"id"}),
)
