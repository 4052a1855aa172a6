"""Who does what in the demo's three months: everybody acts with their own role's permissions."""

from dataclasses import dataclass

from procurement.kernel.actor import Actor
from procurement.kernel.permissions import Role


@dataclass(frozen=True, slots=True)
class Cast:
    """The demo's people, by role."""

    people: dict[Role, Actor]

    @property
    def administrator(self) -> Actor:
        return self.people[Role.ADMINISTRATOR]

    @property
    def manager(self) -> Actor:
        return self.people[Role.SPA_MANAGER]

    @property
    def keeper(self) -> Actor:
        return self.people[Role.STOCK_KEEPER]

    @property
    def therapist(self) -> Actor:
        return self.people[Role.THERAPIST]

    @property
    def seller(self) -> Actor:
        return self.people[Role.SALES]

    @property
    def purchaser(self) -> Actor:
        return self.people[Role.PURCHASER]
