"""Who may open which page. Every blueprint names its audience; a page without one opens to nobody.

This is the outer door only. What a person may do is asked again by the operation behind the page.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, Flask

from procurement.kernel.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "audience"


class Audience(StrEnum):
    PUBLIC = "public"  # everybody, signed in or not
    SIGNED_IN = "signed in"
    STAFF = "staff"
    BUYER = "buyer"
    TOKEN = "token"  # noqa: S105 (an audience, not a secret): the API asks for its bearer token itself


class Door(Blueprint):
    """A blueprint that says for whom it is: `bp = Door("rooms", __name__, audience=Audience.STAFF)`.

    `permission` closes the whole door to who lacks it; single operations ask for theirs all the same.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        audience: Audience,
        permission: Permission | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name, import_name, **options)
        self.audience = audience
        self.permission = permission


def open_to(audience: Audience) -> Callable[[View], View]:
    """Mark one view with another audience than its blueprint's."""

    def mark(view: View) -> View:
        setattr(view, _MARK, audience)
        return view

    return mark


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """What a person must be permitted before any page of this door opens."""
    blueprint = app.blueprints.get(endpoint.rpartition(".")[0])
    return blueprint.permission if isinstance(blueprint, Door) else None


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """For whom an endpoint is; None when nobody has said so, and then nobody gets in."""
    marked: Audience | None = getattr(app.view_functions.get(endpoint), _MARK, None)
    if marked:
        return marked
    blueprint = app.blueprints.get(endpoint.rpartition(".")[0])
    if isinstance(blueprint, Door):
        return blueprint.audience
    return _OTHERS.get(endpoint) or _OTHERS.get(endpoint.partition(".")[0])


# Blueprints of libraries, and of the API, which are not Doors.
_OTHERS = {
    "security.change_password": Audience.SIGNED_IN,
    "security.verify": Audience.SIGNED_IN,
    "security": Audience.PUBLIC,
    "api": Audience.TOKEN,
    "openapi": Audience.PUBLIC,
    "health": Audience.PUBLIC,
}
