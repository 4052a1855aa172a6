"""Who acts, and what they may do and see. Passed to every operation; there is no current user below the doors."""

from dataclasses import dataclass, field

from procurement.kernel.errors import Forbidden, NotFound
from procurement.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, an API token's person, the public, or the system itself.

    `customer_id` limits a wholesale buyer to the records of one customer; staff have None and see all. `visit` is of
    somebody whom a customer's procurement system sent: they have a basket, and no account.
    """

    id: int | None
    name: str
    permissions: frozenset[Permission] = field(default=frozenset())
    customer_id: int | None = None
    visit: int | None = None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        if permission not in self.permissions:
            raise Forbidden(f"{self.name} may not do this ({permission.replace('_', ' ')}).")

    def require_any(self, *permissions: Permission) -> None:
        if not self.permissions.intersection(permissions):
            raise Forbidden(f"{self.name} may not do this ({permissions[0].replace('_', ' ')}).")

    def require_customer(self, customer_id: int) -> None:
        """Staff who see sales pass; a buyer passes for their own customer; others hear that it does not exist."""
        own = self.may(Permission.BUY) and self.customer_id == customer_id
        if not (own or self.may(Permission.SEE_SALES)):
            raise NotFound("There is no such document.")


SYSTEM = Actor(id=None, name="Stillroom", permissions=frozenset(Permission) - {Permission.BUY})
PUBLIC = Actor(id=None, name="Visitor")
