"""How the company's papers look: colour, logo, letterhead, foot, cover. Papers issued earlier stay as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.files.operations.pictures import store_picture
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.settings.errors import ChangedMeanwhile
from procurement.settings.models import Company
from procurement.settings.queries import company_for_update
from procurement.settings.rules.colours import fault_of

# The pictures of a look, and where each is kept.
_PICTURES = {"logo": "logo_id", "head": "head_id", "cover": "cover_id"}
_PLAIN = ("tagline", "footer", "brand_colour", "head_everywhere", "quote_cover")


@dataclass(frozen=True, slots=True)
class NewPicture:
    content: bytes
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLook:
    """Pictures by "logo", "head" or "cover": a new one, None to take it away; those not named stay."""

    tagline: str
    footer: str
    brand_colour: str
    head_everywhere: bool
    quote_cover: bool
    version: int
    pictures: Mapping[str, NewPicture | None] = field(default_factory=dict)


def change_look(session: Session, command: ChangeLook, *, actor: Actor, at: datetime) -> Company:
    """Keep it for the papers to come."""
    actor.require(Permission.EDIT_SETTINGS)
    company = company_for_update(session)
    if company.version != command.version:
        raise ChangedMeanwhile
    if fault := fault_of(command.brand_colour):
        raise Invalid(fault, field="brand_colour")
    text.optional_line(command.tagline, "tagline")
    kept = {
        name: store_picture(session, new.content, new.file_name, at=at, field=name).id
        if new
        else None
        for name, new in command.pictures.items()
    }
    changed = [name for name in _PLAIN if getattr(company, name) != getattr(command, name)]
    for name in changed:
        setattr(company, name, getattr(command, name))
    for name, key in kept.items():
        setattr(company, _PICTURES[name], key)
    changed += kept
    if changed:
        words = ", ".join(name.replace("_", " ") for name in changed)
        record(session, "change papers", "Settings", words, actor=actor, at=at)
    return company
