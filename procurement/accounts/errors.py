"""Refusals about accounts."""

from procurement.kernel.errors import Conflict, Invalid, NotFound, register_constraint


class AddressTaken(Conflict):
    def __init__(self) -> None:
        super().__init__("There is an account with this mail address already.", field="email")


class LastAdministrator(Conflict):
    def __init__(self) -> None:
        super().__init__("Somebody must remain an administrator; make another one first.")


class NoSuchUser(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such account.")


class WeakPassword(Invalid):
    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults), field="password")


class AlreadyFounded(Conflict):
    def __init__(self) -> None:
        super().__init__("There is an administrator already; sign in instead.")


class PasskeyRefused(Invalid):
    """The device's answer does not fit what was asked. Which part of it is nobody's business."""

    def __init__(self) -> None:
        super().__init__("That passkey was not accepted. Try again, or sign in with your password.")


class PasskeyKnown(Conflict):
    def __init__(self) -> None:
        super().__init__("This passkey is kept here already.")


class WrongPassword(Invalid):
    def __init__(self) -> None:
        super().__init__("That is not your password.", field="password")


register_constraint("uq_passkey_credential", PasskeyKnown)
register_constraint("uq_user_account_email", AddressTaken)
register_constraint("uq_user_account_fs_uniquifier", AlreadyFounded)
