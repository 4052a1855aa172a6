"""A real browser for the tests that look: Debian's Chromium, quiet, and on this machine only."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from zxingcpp import Barcode

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = ("127.0.0.1", "localhost")
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true, and there is no Chromium to look with")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


class Complaints(list[str]):
    """What a page said to its console, and whom it called elsewhere: both should stay empty."""

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.append(f"error: {error}"))
        page.on("request", lambda request: self._called(request.url))

    def _heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.append(f"{kind}: {text}")

    def _called(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws"} and parts.hostname not in HERE:
            self.append(f"left this machine: {url}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test at its end where a page complained."""
    complaints = Complaints()
    yield complaints
    assert complaints == []


@pytest.fixture
def context(browser: Browser, complaints: Complaints) -> Iterator[BrowserContext]:
    """A desk in daylight; its pages may not complain."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, color_scheme="light")
    context.set_default_timeout(10_000)
    context.on("page", complaints.watch)
    yield context
    context.close()


@pytest.fixture
def film(browser, tmp_path) -> Iterator[Callable[..., Browser]]:
    """A browser whose camera sees these symbols, one after the other."""
    opened_up: list[Browser] = []

    def of(symbols: list[Barcode]) -> Browser:
        shelf = tmp_path / "shelf.y4m"
        write_film(shelf, symbols)
        flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        seeing = browser.browser_type.launch(
            executable_path=next(filter(None, map(shutil.which, NAMES))),
            args=[*QUIET, *flags, f"--use-file-for-fake-video-capture={shelf}"],
        )
        opened_up.append(seeing)
        return seeing

    yield of
    for one in opened_up:
        one.close()


def write_film(path: Path, symbols: list[Barcode]) -> None:
    """Each symbol for a second and a half, over and over: what the camera sees."""
    width, height = 640, 480
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420\n".encode())
        for symbol in symbols:
            scales = (memoryview(symbol.to_image(scale=scale)) for scale in (5, 4, 3, 2))
            drawn = next(picture for picture in scales if picture.shape[1] <= width)
            tall, wide = drawn.shape[:2]
            frame = Image.new("L", (width, height), 255)
            picture = Image.frombytes("L", (wide, tall), drawn.tobytes())
            frame.paste(picture, ((width - wide) // 2, (height - tall) // 2))
            film.write((b"FRAME\n" + frame.tobytes() + bytes([128]) * (width * height // 2)) * 15)
