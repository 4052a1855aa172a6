"""What the shells of the templates need of every page: places, names, addresses."""

from typing import Any

from flask import Flask, current_app, g, request, url_for

from procurement.web.company import current_company
from procurement.web.identity import current_account, current_actor
from procurement.web.passkeys import relying_party
from procurement.web.places import EXTRA, PLACES, Place, Section


def install_context(app: Flask) -> None:
    app.context_processor(lambda: {"shell": shell()})
    app.add_template_global(current_company, "current_company")
    app.add_template_global(app.extensions["config"].public_url, "public_url")
    app.add_template_global(current_actor, "current_actor")
    app.add_template_global(lambda: relying_party() is not None, "has_passkeys")


def shell() -> dict[str, Any] | None:
    """The back office's rail; None where nobody of the staff is signed in."""
    if g.get("is_plain_page"):
        return None
    account = current_account()
    if account is None or not account.is_staff:
        return None
    return {
        "home": url_for("start.start"),
        "search": _address("search.index"),
        "suggest": _address("search.suggest"),
        "account": _address("profile.show"),
        "manifest": _address("offline.manifest"),
        "sign_out": url_for("security.logout"),
        "places": [_entry(place) for place in PLACES if _is_offered(place)],
        "extra": [_entry(place) for place in EXTRA if _is_offered(place)],
        "name": account.name or account.email,
        "initials": initials(account.name or account.email),
        "company": current_company().name,
    }


def initials(name: str) -> str:
    words = name.replace("@", " ").split()
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else ""


def _is_offered(place: Place) -> bool:
    if place.endpoint not in current_app.view_functions:
        return False
    return not place.permissions or any(current_actor().may(p) for p in place.permissions)


def _entry(place: Place) -> dict[str, Any]:
    here = (request.blueprint or "").split(".")[0]
    is_here = place.holds(here)
    return {
        "label": place.label,
        "url": url_for(place.endpoint),
        "icon": place.icon,
        "active": is_here,
        "count": None,
        "sections": _sections(place, here) if is_here else [],
    }


def _sections(place: Place, here: str) -> list[dict[str, Any]]:
    """Those the person may open; the heading of a group goes to the first of it that they see."""
    shown, heading = [], ""
    for section in place.sections:
        heading = section.group or heading
        if _has(section):
            shown.append(_section(section, here) | {"heading": heading})
            heading = ""
    return shown


def _has(section: Section) -> bool:
    if section.endpoint not in current_app.view_functions:
        return False
    return section.permission is None or current_actor().may(section.permission)


def _section(section: Section, here: str) -> dict[str, Any]:
    return {
        "label": section.label,
        "url": url_for(section.endpoint),
        "active": here in section.blueprints,
    }


def _address(endpoint: str) -> str:
    return url_for(endpoint) if endpoint in current_app.view_functions else ""
