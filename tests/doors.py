"""The application for tests of doors: a client, and signing in without typing a password."""

import uuid
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from config import Config
from procurement.accounts.models import User, UserRole
from procurement.accounts.operations.credentials import open_session
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.web.identity import SESSION_SECRET

SECRET = "only-for-tests-and-long-enough-to-be-a-key"


def a_config(url: str, folder: Path, **settings: Any) -> Config:
    return Config(data_dir=folder, database_url=url, secret_key=SECRET, **settings)


def an_account(session: Session, role: Role, *, customer_id: int | None = None) -> User:
    """Somebody with this role, with a name of their own."""
    mark = uuid.uuid4().hex
    user = User(
        email=f"{role}.{mark[:8]}@example.com",
        name=role.replace("_", " ").capitalize(),
        password="x",
        fs_uniquifier=mark,
        customer_id=customer_id,
        created_at=utc_now(),
    )
    session.add(user)
    session.flush()
    session.add(UserRole(user_id=user.id, role=role))
    session.flush()
    return user


def sign_in(
    client: FlaskClient, role: Role = Role.ADMINISTRATOR, *, customer_id: int | None = None
) -> int:
    """Be somebody with this role from now on; answers the account's id."""
    uow: UnitOfWork = client.application.extensions["uow"]
    with uow.write() as session:
        user = an_account(session, role, customer_id=customer_id)
        secret = open_session(session, user.id, at=utc_now())
    with client.session_transaction() as cookie:
        cookie["_user_id"] = user.fs_uniquifier
        cookie["_fresh"] = True
        cookie[SESSION_SECRET] = secret
    return user.id
