"""A scanned code: what it names, as a page, as JSON for the scan dialog, and the short addresses on our labels."""

import json
from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from procurement.catalogue.rules.scanning import LONGEST
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.kernel.text import is_storable
from procurement.stock.queries.scanning import Found, Scanned, find_scanned
from procurement.web.doors import Audience, Door
from procurement.web.filters import today
from procurement.web.forms import render_page
from procurement.web.identity import current_actor
from procurement.web.transactions import read

bp = Door("scan", __name__, audience=Audience.STAFF)

# On a device whose scanner has once sent a separator, a code without one is known to have none.
COOKIE = "scanner"
KEEPS_SEPARATORS = "separators"
A_YEAR = 365 * 24 * 3600


def scanned(text: str, *, kept: bool = False) -> Found:
    """What was scanned on this device. `kept`: by a camera, which reads the code itself."""
    current_actor().require(Permission.SEE_STOCK)
    kept = kept or request.cookies.get(COOKIE) == KEEPS_SEPARATORS
    with read() as session:
        return find_scanned(session, text, today=today(), kept=kept)


def scan_in(sent: Mapping[str, str]) -> str | None:
    """What came in the scan field of a form, or the reading that was picked; None when the form is meant.

    Enter in any field presses the first button, which is the scan's: with nothing scanned it must not send the form.
    """
    text = (sent.get("picked") or sent.get("scan") or "").strip(" \r\n")[:LONGEST]
    return text if text or "add" in sent else None


def by_camera(sent: Mapping[str, str]) -> bool:
    """Whether a camera of ours read what came in the scan field: it loses no separator."""
    return sent.get("scanned_by") == "camera"


def remembering(response: Response, found: Found, *, typed: bool = True) -> Response:
    """The answer, with a note on the device that its scanner sends separators, once it has sent one."""
    if typed and found.separated and found.what is not Scanned.NOTHING:
        response.set_cookie(
            COOKIE,
            KEEPS_SEPARATORS,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return response


def page_of(found: Found) -> str:
    """The page of the thing; "" where there is none."""
    match found.what:
        case Scanned.LOCATION:
            return url_for("rooms.show", code=found.location)
        case Scanned.CONTAINER:
            return url_for("bottles.show", number=found.lot)
        case Scanned.LOT:
            return url_for("lot_pages.show", name=f"{found.product}/{found.lot}")
        case Scanned.PACK | Scanned.PRODUCT:
            return url_for("products.show", sku=found.product)
    return ""


@bp.get("/scan")
def show() -> Response:
    """`?text=` is the code, `?from=camera` says who read it, `?format=json` is for scripts."""
    text = request.args.get("text", "")
    camera = request.args.get("from") == "camera"
    wants_json = request.args.get("format") == "json"
    if not text and not wants_json:
        current_actor().require(Permission.SEE_STOCK)
        return render_page("backoffice/stock/scan.html", found=None, text="")
    found = scanned(text, kept=camera)
    if wants_json:
        body = json.dumps(as_json(found), ensure_ascii=False)
        response = Response(body, content_type="application/json")
    else:
        response = render_page(
            "backoffice/stock/scan.html",
            found=found,
            text=text,
            pages=[(one, page_of(one)) for one in (found.choices or (found,))],
        )
    response.headers["Cache-Control"] = "no-store"
    return remembering(response, found, typed=not camera)


@bp.get("/b/<number>")
def container(number: str) -> Response:
    """What the label of an opened bottle says."""
    return redirect(url_for("bottles.show", number=number))


@bp.get("/s")
def lot() -> Response:
    """What the label of a lot says: its product and number."""
    product, number = request.args.get("p", ""), request.args.get("l", "")
    if number and is_storable(number):
        return redirect(url_for("lot_pages.show", name=f"{product}/{number}"))
    return redirect(url_for("products.show", sku=product))


def as_json(found: Found) -> dict[str, Any]:
    """The same words as `GET /api/v1/scans`, and the page of the thing."""
    return {
        "what": found.what,
        "message": found.message,
        "product": found.product,
        "product_name": found.product_name,
        "unit": found.unit,
        "pack": found.pack,
        "pack_name": found.pack_name,
        "pack_size": _quantity(found.pack_size),
        "packs": found.packs,
        "quantity": _quantity(found.quantity),
        "lot": found.lot,
        "supplier_lot": found.supplier_lot,
        "serial": found.serial,
        "expires_on": found.expires_on.isoformat() if found.expires_on else None,
        "best_before": found.best_before.isoformat() if found.best_before else None,
        "expiry_disagrees": found.disagrees,
        "status": found.status,
        "location": found.location,
        "location_name": found.location_name,
        "read": found.read,
        "choices": [as_json(one) for one in found.choices],
        "url": page_of(found),
    }


def _quantity(quantity: Quantity | None) -> dict[str, str] | None:
    return {"amount": quantity.amount, "unit": quantity.unit} if quantity else None
