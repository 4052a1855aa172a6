"""What suppliers give somebody to do today: papers to renew, price files that could not be applied."""

from dataclasses import dataclass
from datetime import datetime

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sourcing.queries.certificates import certificates_to_renew, missing_safety_sheets
from procurement.sourcing.queries.price_files import price_files_in_trouble


@dataclass(frozen=True, slots=True)
class SupplierMatters:
    """Numbers of things; each has its list."""

    to_renew: int = 0  # certificates that are due or have run out
    missing: int = 0  # safety data sheets
    stale: int = 0  # price files that were not applied on their day

    @property
    def things(self) -> int:
        return sum(1 for count in (self.to_renew, self.missing, self.stale) if count)


def supplier_matters(session: ReadSession, *, actor: Actor, at: datetime) -> SupplierMatters:
    """Nothing for who does not keep suppliers."""
    if not actor.may(Permission.EDIT_SUPPLIERS):
        return SupplierMatters()
    return SupplierMatters(
        certificates_to_renew(session, at=at),
        len(missing_safety_sheets(session, at=at)),
        price_files_in_trouble(session),
    )
