"""The application on a real server, and people in front of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waitress.server import create_server

from procurement.accounts.operations.users import create_user
from procurement.accounts.terms import NewUser
from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from tests.apps import an_application
from tests.browser.conftest import Complaints
from tests.doors import a_config

PASSWORD = "seven quiet bottles of oil"
DESK = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}


@contextmanager
def serving(url: str, folder: Path, *, host: str = "127.0.0.1") -> Iterator[Flask]:
    """The application under waitress, on a port of its own; `host` is what browsers call this machine."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://{host}:{listener.getsockname()[1]}"
    app = an_application(a_config(url, folder, public_url=address))
    server = create_server(app, sockets=[listener], threads=4, ident=None)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield app
    # From within its own loop: sockets that browsers kept open are closed as well.
    server.trigger.pull_trigger(lambda: [each.close() for each in list(server._map.values())])
    thread.join()
    server.task_dispatcher.shutdown()
    app.extensions["uow"].engine.dispose()


def address_of(app: Flask) -> str:
    return str(app.extensions["config"].public_url)


def employ(
    work: UnitOfWork, role: Role, name: str, *, customer_id: int | None = None
) -> tuple[str, str]:
    """Somebody who may sign in: their address and password."""
    email = f"{name.split(maxsplit=1)[0].lower()}@linden.example"
    new = NewUser(email=email, name=name, roles=frozenset({role}), customer_id=customer_id)
    with work.write() as session:
        create_user(session, new, password=PASSWORD, actor=SYSTEM, at=utc_now())
    return email, PASSWORD


class Person:
    """Somebody with a browser of their own, on a desk or a phone."""

    def __init__(
        self, browser: Browser, complaints: Complaints, address: str, *, phone: bool = False
    ) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=address,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(10_000)
        self.context.on("page", complaints.watch)
        self.page: Page = self.context.new_page()

    def sign_in(self, credentials: tuple[str, str]) -> None:
        self.page.goto("/sign-in")
        self.fill("Mail address", credentials[0])
        self.fill("Password", credentials[1])
        self.press("Sign in")
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text("Sign in")

    def goto(self, path: str) -> None:
        self.page.goto(path)

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label).fill(value)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label).select_option(label=option)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def sees(self, *words: str) -> None:
        """Somewhere in the page's own part."""
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)

    def reads(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def hears(self, words: str) -> str:
        """The message that an action left; all of it is answered."""
        message = self.page.locator("[data-toast]", has_text=words)
        expect(message).to_be_visible()
        return message.inner_text()
