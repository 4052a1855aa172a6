"""People who sign in, their roles, their passkeys, their API tokens."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Flag, ForeignId, Name, PrimaryKey
from procurement.kernel.permissions import Role
from procurement.kernel.types import str_enum


class User(Base):
    """A person who signs in: staff, or a buyer of one customer."""

    __tablename__ = "user_account"

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[Name]
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[Flag] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer.id"))
    created_at: Mapped[datetime]


class UserRole(Base):
    """A role a person has."""

    __tablename__ = "user_role"

    user_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(str_enum(Role, "role"), primary_key=True)


class OpenSession(Base):
    """A browser somebody is signed in with: the cookie carries a secret, this row its SHA-256."""

    __tablename__ = "open_session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"), index=True)
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Passkey(Base):
    """A key on somebody's device that signs in without a password: here is its public half (WebAuthn, level 2)."""

    __tablename__ = "passkey"

    id: Mapped[PrimaryKey]
    user_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"), index=True)
    label: Mapped[Name]
    credential: Mapped[str] = mapped_column(String(1400), unique=True)  # its id, in base64url
    public_key: Mapped[bytes] = mapped_column(LargeBinary)  # COSE
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count_not_negative"),)


class PasskeyChallenge(Base):
    """What a device was asked to sign; the first right answer strikes it out, so that none counts twice."""

    __tablename__ = "passkey_challenge"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Who adds a passkey; NULL for somebody who wants to sign in.
    user_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    ends_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A secret for programs: only its SHA-256 is kept; it acts with its person's permissions."""

    __tablename__ = "api_token"

    id: Mapped[PrimaryKey]
    user_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"), index=True)
    label: Mapped[Name]
    prefix: Mapped[str] = mapped_column(String(16))  # its visible beginning, to tell tokens apart
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
