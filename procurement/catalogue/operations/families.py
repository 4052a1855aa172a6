"""Families changed by hand."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.operations.saving import save_products
from procurement.catalogue.queries.known import known
from procurement.catalogue.rules.drafts import Drafts
from procurement.catalogue.terms import FamilyDraft
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission


def change_family(session: Session, draft: FamilyDraft, *, actor: Actor, at: datetime) -> None:
    """Rename or describe a family; its variants are found by the new name. Raises NotFound, Invalid."""
    actor.require(Permission.EDIT_CATALOGUE)
    if draft.code not in known(session, (), families=[draft.code]).families:
        raise NotFound(f"There is no family {draft.code}.")
    clean = FamilyDraft(
        draft.code,
        None if draft.name is None else text.name(draft.name, "name"),
        None if draft.description is None else text.prose(draft.description, "description"),
    )
    save_products(session, {draft.code: clean}, Drafts({}, {}), actor=actor, at=at)
    record(session, "change family", draft.code, clean.name or "", actor=actor, at=at)
