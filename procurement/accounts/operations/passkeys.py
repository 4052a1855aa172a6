"""Passkeys: a device of somebody signs what we ask it, and its public key here tells that it did (WebAuthn, level 2).

The library reads and checks what devices say. Ours is the asking: a challenge is good for one right answer
within five minutes, also when two come at once.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import webauthn
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_client_data_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from procurement.accounts.errors import NoSuchUser, PasskeyRefused, WrongPassword
from procurement.accounts.models import Passkey, PasskeyChallenge, User
from procurement.accounts.queries import account_by_id
from procurement.accounts.rules.passwords import is_password
from procurement.accounts.terms import AccountRow, RelyingParty
from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.outbox.operations import NewMail, put_mail

ANSWER_WITHIN = timedelta(minutes=5)
MOST_PASSKEYS = 20
# What the library lets through of answers that no device made, beside its own refusals.
_NONSENSE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError)
_ASKED_OF_DEVICE = AuthenticatorSelectionCriteria(
    # Kept by the device, so that nobody types an address; opened by a finger, a face or a PIN: it replaces a password.
    resident_key=ResidentKeyRequirement.REQUIRED,
    user_verification=UserVerificationRequirement.REQUIRED,
)


def ask_new_passkey(
    session: Session, user_id: int, password: str, *, party: RelyingParty, at: datetime
) -> dict[str, Any]:
    """What the browser hands to a device that shall make a key.

    The password is asked again: a browser left open must not give its finder a way in that outlives it.
    """
    user = _user(session, user_id)
    if not is_password(user.password, password):
        raise WrongPassword
    known = session.scalars(select(Passkey.credential).where(Passkey.user_id == user_id)).all()
    if len(known) >= MOST_PASSKEYS:
        raise Conflict(f"An account holds {MOST_PASSKEYS} passkeys; remove one first.")
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_id=_handle(user_id),
        user_name=user.email,
        user_display_name=user.name,
        authenticator_selection=_ASKED_OF_DEVICE,
        exclude_credentials=[_descriptor(credential) for credential in known],
    )
    _keep(session, options.challenge, user_id, at=at)
    return options_to_json_dict(options)


def add_passkey(
    session: Session,
    user_id: int,
    label: str,
    answer: Mapping[str, Any],
    *,
    party: RelyingParty,
    at: datetime,
) -> None:
    """Keep the public key that a device made. Raises PasskeyRefused when the answer is none to what was asked."""
    user = _user(session, user_id)
    label = label.strip()
    if not label or len(label) > 200:
        raise Invalid("Name the device, in at most 200 characters.", field="label")
    try:
        found = webauthn.verify_registration_response(
            credential=dict(answer),
            expected_challenge=_taken(session, answer, user_id, at=at),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _NONSENSE:
        raise PasskeyRefused from None
    session.add(
        Passkey(
            user_id=user_id,
            label=label,
            credential=bytes_to_base64url(found.credential_id),
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            created_at=at,
        )
    )
    record(session, "add passkey", user.email, label, actor=Actor(user.id, user.name), at=at)
    body = (
        f"Hello {user.name},\n\nfrom now on the passkey \u201c{label}\u201d signs in to your account at "
        f"{party.name}.\n\nIf you did not add it, change your password, remove the passkey on your account's "
        "page and tell us.\n"
    )
    put_mail(session, NewMail(user.email, "A passkey was added", body, user.email), at=at)


def remove_passkey(session: Session, user_id: int, passkey_id: int, *, at: datetime) -> None:
    """It opens nothing any more; only its owner's passkeys are found."""
    user = _user(session, user_id)
    key = session.scalar(
        select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id)
    )
    if key is None:
        raise NotFound("There is no such passkey.")
    session.delete(key)
    record(session, "remove passkey", user.email, key.label, actor=Actor(user.id, user.name), at=at)


def ask_passkey(session: Session, *, party: RelyingParty, at: datetime) -> dict[str, Any]:
    """What the browser hands to a device of somebody who wants to sign in: whoever it is, the key says it."""
    options = webauthn.generate_authentication_options(
        rp_id=party.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    _keep(session, options.challenge, None, at=at)
    return options_to_json_dict(options)


def whose_passkey(
    session: Session, answer: Mapping[str, Any], *, party: RelyingParty, at: datetime
) -> AccountRow:
    """The active account that a device's answer signs in. Raises PasskeyRefused for any other."""
    key = session.scalar(
        select(Passkey)
        .where(Passkey.credential == _text(answer, "id"))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    challenge = _taken(session, answer, None, at=at)
    account = account_by_id(session, key.user_id) if key else None
    if key is None or account is None or not account.active:
        raise PasskeyRefused
    try:
        found = webauthn.verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _NONSENSE:
        raise PasskeyRefused from None
    key.sign_count = found.new_sign_count
    key.last_used_at = at
    return account


def _keep(session: Session, challenge: bytes, user_id: int | None, *, at: datetime) -> None:
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.ends_at < at))
    session.add(
        PasskeyChallenge(digest=_digest(challenge), user_id=user_id, ends_at=at + ANSWER_WITHIN)
    )


def _taken(
    session: Session, answer: Mapping[str, Any], user_id: int | None, *, at: datetime
) -> bytes:
    """The challenge that was signed, struck out: asked of this person, within the time, never answered before."""
    response = answer.get("response")
    try:
        said = parse_client_data_json(
            base64url_to_bytes(
                _text(response if isinstance(response, dict) else {}, "clientDataJSON")
            )
        )
    except _NONSENSE:
        raise PasskeyRefused from None
    gone = session.execute(
        delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.digest == _digest(said.challenge),
            PasskeyChallenge.user_id.is_(None)
            if user_id is None
            else PasskeyChallenge.user_id == user_id,
            PasskeyChallenge.ends_at > at,
        )
        .returning(PasskeyChallenge.digest)
    ).scalar_one_or_none()
    if gone is None:
        raise PasskeyRefused
    return said.challenge


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str):
        raise PasskeyRefused
    return value


def _user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise NoSuchUser
    return user


def _descriptor(credential: str) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential))


def _handle(user_id: int) -> bytes:
    """How a device knows one account from another: always the same, and it says nothing about the person."""
    return hashlib.sha256(f"stillroom account {user_id}".encode()).digest()


def _digest(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()
