"""The menu beside every page of a buyer's account: one line for each place."""

from typing import Any

from flask import current_app, request, url_for

PLACES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Company", "portal.account", ()),
    (
        "Addresses",
        "portal.addresses",
        ("portal.add_address_page", "portal.address"),
    ),
    (
        "Colleagues",
        "portal.colleagues",
        ("portal.invite", "portal.colleague", "portal.change"),
    ),
    ("Mails", "portal.mails", ()),
    ("Lists", "portal.lists", ("portal.list_page", "portal.keep_list", "portal.change_kept_list")),
    ("Usuals", "portal.your_usuals", ()),
    ("Your codes", "portal.codes", ("portal.keep_codes", "portal.forget_code")),
    ("Searches", "portal.searches", ()),
    ("Take it with you", "portal.take_along", ()),
    ("Your data", "portal.data", ("portal.take", "portal.leave")),
    ("Sign-in and security", "profile.show", ("profile.make_token",)),
)
ENDPOINTS = frozenset(name for _, place, also in PLACES for name in (place, *also))


def account_links() -> list[dict[str, Any]]:
    return [
        {"label": label, "url": url_for(place), "active": request.endpoint in {place, *also}}
        for label, place, also in PLACES
        if place in current_app.view_functions
    ]
