"""The register of certificates: versions, days of renewal, what is missing."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from procurement.catalogue.terms import Kind
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Role
from procurement.sourcing.models import Certificate
from procurement.sourcing.operations.certificates import (
    KeepCertificate,
    ask_for_safety_sheets,
    keep_certificate,
)
from procurement.sourcing.queries.certificates import (
    certificate_file,
    certificate_versions,
    certificates,
    certificates_to_renew,
    missing_safety_sheets,
    papers_of_product,
    safety_sheet_kinds,
)
from procurement.sourcing.rules.certificates import state_on
from procurement.sourcing.terms import CertificateKind, CertificateState
from tests.builders import NOON, an_actor
from tests.purchasing.builders import a_spa_that_orders
from tests.queries import assert_queries

TODAY = NOON.date()
PDF = b"%PDF-1.7 sheet"
SDS, INSURANCE = CertificateKind.SDS, CertificateKind.INSURANCE
GOOD, DUE, PAST = CertificateState


@pytest.fixture(autouse=True)
def _spa(session):
    a_spa_that_orders(session)


def kept(session, *, actor=None, at=NOON, **more) -> str:
    values = {"content": PDF, "file_name": "sheet.pdf", "supplier": "CORRIB", **more}
    certificate = keep_certificate(
        session, KeepCertificate(**values), actor=actor or an_actor(name="Ana"), at=at
    )
    session.flush()
    return certificate.number


@pytest.mark.parametrize(
    ("days", "state"), [(None, GOOD), (31, GOOD), (30, DUE), (0, DUE), (-1, PAST)]
)
def test_a_paper_is_due_from_so_many_days_before_its_last(days, state):
    until = None if days is None else TODAY + timedelta(days=days)
    assert state_on(TODAY, until, 30) is state


def test_a_new_version_takes_the_place_of_the_former(session):
    first = kept(session, kind=SDS, product="ALM-500", valid_until=TODAY - timedelta(days=1))
    assert [row.state for row in certificates(session, at=NOON)] == [PAST]
    later = kept(session, replaces=first, content=PDF + b"2", valid_until=date(2028, 1, 1))
    (row,) = certificates(session, at=NOON)
    assert (row.number, row.version, row.kind, row.product, row.state) == (
        later,
        2,
        SDS,
        "ALM-500",
        GOOD,
    )
    other = kept(session, kind=SDS, product="ALM-500")  # of another issuer: a paper of its own
    for number in (first, later):
        versions = certificate_versions(session, number, at=NOON)
        assert [one.number for one in versions] == [later, first]
        assert [one.is_current for one in versions] == [True, False]
    assert [one.number for one in certificate_versions(session, other, at=NOON)] == [other]
    assert certificate_file(session, first).content == PDF
    with pytest.raises(Conflict):
        kept(session, replaces=first)


def test_the_database_keeps_one_next_version(session):
    first = kept(session)
    kept(session, replaces=first)
    row = session.query(Certificate).filter_by(version=2).one()
    twin = {c.key: getattr(row, c.key) for c in Certificate.__table__.columns if c.key != "id"}
    session.add(Certificate(**twin | {"number": "CT-2026-9999"}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_what_runs_out_comes_first_and_is_counted(session):
    kept(session, kind=INSURANCE, valid_until=TODAY + timedelta(days=9))
    kept(session, kind=SDS, product="ALM-500")
    kept(session, kind=SDS, product="COV-020", valid_until=TODAY - timedelta(days=9))
    with assert_queries(session.get_bind(), 2):
        rows = certificates(session, at=NOON)
    assert [row.state for row in rows] == [PAST, DUE, GOOD]
    assert certificates_to_renew(session, at=NOON) == 2
    of_almond = papers_of_product(session, "ALM-500", actor=an_actor(), at=NOON)
    assert [row.kind for row in of_almond] == [INSURANCE, SDS]
    therapist = an_actor(Role.THERAPIST)
    assert [
        row.kind for row in papers_of_product(session, "ALM-500", actor=therapist, at=NOON)
    ] == [SDS]
    assert len(certificates(session, at=NOON, kind=SDS, states=(PAST,))) == 1
    assert certificates(session, at=NOON, supplier="NOBODY") == []


def test_a_kind_of_product_can_ask_for_a_safety_sheet(session):
    assert missing_safety_sheets(session, at=NOON) == []
    ask_for_safety_sheets(session, [Kind.OIL], actor=an_actor(), at=NOON)
    assert safety_sheet_kinds(session) == {Kind.OIL}
    # Both products of the spa are oils; each misses its sheet, in whatever packs it is bought.
    missing = missing_safety_sheets(session, at=NOON)
    assert [one.product for one in missing] == ["COV-020", "ALM-500"]
    old = kept(session, kind=SDS, product="ALM-500", valid_until=TODAY - timedelta(days=1))
    assert len(missing_safety_sheets(session, at=NOON)) == 2
    kept(session, replaces=old, valid_until=TODAY)
    assert [one.product for one in missing_safety_sheets(session, at=NOON)] == ["COV-020"]
    ask_for_safety_sheets(session, [], actor=an_actor(), at=NOON)
    assert missing_safety_sheets(session, at=NOON) == []


def test_what_a_certificate_cannot_be_is_said_at_its_field(session):
    for change, field in (
        ({"content": b"GIF89a"}, "file"),
        ({"remind_days": 731}, "remind_days"),
        ({"supplier": "NOBODY"}, "supplier"),
        ({"product": "NOTHING"}, "product"),
        ({"kind": SDS}, "product"),
        ({"issuer": "a\nb"}, "issuer"),
    ):
        with pytest.raises(Invalid) as refusal:
            kept(session, **change)
        assert [error.field for error in refusal.value.errors] == [field]
    with pytest.raises(NotFound):
        kept(session, replaces="CT-2026-0099")
    with pytest.raises(NotFound):
        certificate_versions(session, "CT-2026-0099", at=NOON)
    for role in (Role.STOCK_KEEPER, Role.THERAPIST):
        with pytest.raises(Forbidden):
            kept(session, actor=an_actor(role))
