"""A placed order on its way through a real mail server: the paper arrives as it was kept, byte for byte."""

import hashlib
import socket
from email import message_from_bytes, policy

import facturx
from aiosmtpd.controller import Controller

from config import Smtp
from procurement.outbox.operations.sending import claim_next
from procurement.purchasing.operations.deciding import approve_order, place_order
from procurement.purchasing.queries.papers import order_paper
from procurement.worker.mail import send
from tests.builders import a_company
from tests.purchasing.builders import ANA, MONDAY, a_draft, a_spa_that_orders


class Inbox:
    def __init__(self) -> None:
        self.received = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        self.received.append(envelope)
        return "250 OK"


def test_an_order_arrives_with_its_paper_its_link_and_its_name(session):
    a_spa_that_orders(session)
    company = a_company(session)
    company.name, company.address = "Zoë Öl & Söhne", "12 Harbour Walk\nKinsale\nIreland"
    number = a_draft(session, note_to_supplier="Bitte am Tor läuten").number
    approve_order(session, number, actor=ANA, at=MONDAY)
    place_order(session, number, actor=ANA, at=MONDAY, public_url="https://spa.example")
    letter = claim_next(session, at=MONDAY)
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        send(letter, Smtp("127.0.0.1", port, "none", None, None), sender="spa@example.com")
    finally:
        controller.stop()
    mail = message_from_bytes(inbox.received[0].content, policy=policy.default)
    assert mail["Subject"] == f"Purchase order {number} from Zoë Öl & Söhne"
    assert mail["To"] == "orders@corrib.example"
    body = mail.get_body().get_content()
    assert "läuten" in body
    assert "https://spa.example/o/" in body
    (attached,) = mail.iter_attachments()
    kept = order_paper(session, number, actor=ANA)
    assert attached.get_filename() == f"{number}.pdf"
    assert hashlib.sha256(attached.get_content()).hexdigest() == kept.sha256
    assert facturx.get_orderx_xml_from_pdf(attached.get_content())[0] == "order-x.xml"
