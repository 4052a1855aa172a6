"""When a certificate is to be renewed. Pure."""

from datetime import date, timedelta

from procurement.sourcing.terms.certificates import CertificateState


def state_on(day: date, valid_until: date | None, remind_days: int) -> CertificateState:
    """Due from so many days before its last day on, which still counts."""
    if valid_until is None:
        return CertificateState.GOOD
    if valid_until < day:
        return CertificateState.PAST
    due = valid_until - timedelta(days=remind_days)
    return CertificateState.DUE if due <= day else CertificateState.GOOD
