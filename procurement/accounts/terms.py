"""What doors may see of accounts without their tables."""

from dataclasses import dataclass
from datetime import datetime

from procurement.kernel.actor import Actor
from procurement.kernel.permissions import Role, permissions_of

LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A person who may sign in, with what sign-in needs of them."""

    id: int
    email: str
    name: str
    password: str | None
    active: bool
    fs_uniquifier: str
    customer_id: int | None
    roles: frozenset[Role]
    created_at: datetime

    @property
    def is_staff(self) -> bool:
        return bool(self.roles - {Role.WHOLESALE_BUYER})

    @property
    def actor(self) -> Actor:
        """Who acts when this person does. A buyer's view is limited to their customer; staff see all."""
        return Actor(
            id=self.id,
            name=self.name or self.email,
            permissions=permissions_of(self.roles),
            customer_id=None if self.is_staff else self.customer_id,
        )


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token as its owner sees it again: without its secret."""

    id: int
    label: str
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as its owner sees it."""

    id: int
    label: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Where passkeys are good: the host that browsers tie them to, and the address that pages come from."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody who shall be able to sign in. A wholesale buyer buys for one customer; staff have none."""

    email: str
    name: str
    roles: frozenset[Role]
    customer_id: int | None = None
