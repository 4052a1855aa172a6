"""Files beside orders: told by their content, sent where they shall be, taken away only from a draft."""

import io
import zipfile

import pytest
from sqlalchemy import select

from procurement.documents.ubl_order import order_to_ubl
from procurement.files.operations import attachments
from procurement.files.rules.kinds import kind_of, named
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.outbox.operations.sending import claim_next
from procurement.purchasing.errors import WrongStatus
from procurement.purchasing.operations import attaching
from procurement.purchasing.operations.attaching import attach_file, remove_attachment
from procurement.purchasing.operations.deciding import approve_order, place_order
from procurement.purchasing.operations.papers import SendOrder, send_order_again
from procurement.purchasing.queries.attachments import (
    attached_file,
    attachments_of,
    files_that_go,
)
from procurement.purchasing.queries.trade import issued_order
from procurement.sourcing.models import Supplier
from procurement.worker.mail import compose
from tests.builders import a_supplier, a_supplier_item, an_actor, files_of
from tests.purchasing.builders import ANA, MONDAY, a_draft, a_spa_that_orders

PDF = b"%PDF-1.7\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 9


def zipped(*names: str, **contents: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
        for name, content in contents.items():
            archive.writestr(name, content)
    return made.getvalue()


SHEET = zipped("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, "pdf"),
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"RIFF0000WEBPVP8 ", "webp"),
        (SHEET, "xlsx"),
        (zipped("[Content_Types].xml", "word/document.xml"), "docx"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "odt"),
        (zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (zipped("index.html"), None),
        (zipped(mimetype=b"application/epub+zip"), None),
        (SHEET[:40], None),
        (b"<html><script>alert(1)</script>", None),
        (b"MZ" + b"0" * 99, None),
        (b" %PDF-1.7", None),
    ],
    ids=range(14),  # the archives' own bytes hold the time at which they were made
)
def test_what_a_file_is_tells_its_content(content, ending):
    found = kind_of(content)
    assert (found[1] if found else None) == ending


@pytest.mark.parametrize(
    ("name", "ending", "told"),
    [
        ("a.pdf", "pdf", "a.pdf"),
        ("a.JPEG", "jpg", "a.JPEG"),
        ("a.html", "pdf", "a.html.pdf"),
        ("a", "png", "a.png"),
    ],
)
def test_its_name_says_what_it_is(name, ending, told):
    assert named(name, ending) == told


@pytest.fixture
def order(session):
    a_spa_that_orders(session)
    return a_draft(session)


def attached(session, order, content=PDF, name="drawing.pdf", **more):
    values = {"for_supplier": True, "actor": ANA, "at": MONDAY} | more
    kept = attach_file(session, order.number, content, name, **values)
    session.flush()
    return kept


def test_what_is_for_the_supplier_goes_with_the_order(session, order):
    attached(session, order, name="drawing.html")
    attached(session, order, SHEET, "sums.xlsx", for_supplier=False)
    rows = attachments_of(session, order.number)
    assert [(row.name, row.for_supplier) for row in rows] == [
        ("drawing.html.pdf", True),
        ("sums.xlsx", False),
    ]
    assert attached_file(session, order.number, 1, actor=ANA).content == PDF
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    place_order(session, order.number, actor=ANA, at=MONDAY)
    session.flush()
    letter = claim_next(session, at=MONDAY)
    mail = compose(letter, sender="spa@example.com")
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == [f"{order.number}.pdf", "drawing.html.pdf"]
    with pytest.raises(WrongStatus):
        remove_attachment(session, order.number, 1, actor=ANA, at=MONDAY)
    attached(session, order, PNG, "damage.png", for_supplier=False)


def test_a_supplier_that_wants_it_gets_the_order_as_ubl_and_again_the_same_files(session, order):
    supplier = session.get_one(Supplier, order.supplier_id)
    supplier.wants_ubl = True
    attached(session, order)
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    place_order(session, order.number, actor=ANA, at=MONDAY)
    send_order_again(session, SendOrder(number=order.number, public_url=""), actor=ANA, at=MONDAY)
    first, second = session.scalars(select(Message).order_by(Message.id))
    assert files_of(session, first) == files_of(session, second)
    letter = claim_next(session, at=MONDAY)
    names = tuple(file.name for file in letter.files)
    assert names == (f"{order.number}.pdf", f"{order.number}-ubl.xml", "drawing.pdf")
    assert names == files_that_go(session, order.number)
    ubl = letter.files[1]
    assert ubl.media_type == "application/xml"
    assert ubl.content == order_to_ubl(issued_order(session, order.number, actor=ANA))


def test_an_order_that_peppol_cannot_say_goes_without_ubl(session):
    a_spa_that_orders(session)
    a_supplier(session, "KUWAIT", currency="KWD", email="q8@example.com", wants_ubl=True)
    a_supplier_item(session, supplier="KUWAIT", pack="case", prices={1: "10.125"})
    order = a_draft(session, supplier="KUWAIT")
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    place_order(session, order.number, actor=ANA, at=MONDAY)
    assert [file.name for file in claim_next(session, at=MONDAY).files] == [f"{order.number}.pdf"]


def test_a_draft_gives_a_file_back(session, order):
    attached(session, order)
    with pytest.raises(Invalid):
        attached(session, order, name="again.pdf")
    remove_attachment(session, order.number, 1, actor=ANA, at=MONDAY)
    session.flush()
    assert attachments_of(session, order.number) == ()
    with pytest.raises(NotFound):
        remove_attachment(session, order.number, 1, actor=ANA, at=MONDAY)
    with pytest.raises(NotFound):
        attached_file(session, order.number, 1, actor=ANA)


def test_what_is_too_big_too_much_or_nothing_is_refused(session, order, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_BYTES", 50)
    for content in (b"", PDF + b" " * 50, b"nothing we know"):
        with pytest.raises(Invalid):
            attached(session, order, content)
    monkeypatch.setattr(attaching, "MOST_FILES", 1)
    attached(session, order)
    with pytest.raises(Conflict):
        attached(session, order, PNG, "b.png")
    with pytest.raises(Forbidden):
        attached(session, order, PNG, "b.png", actor=an_actor(Role.THERAPIST))
