"""The shop in a real browser: light, usable without scripts, accessible where one compares and orders at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from procurement.catalogue.operations.products import create_product
from procurement.catalogue.terms import Kind, PackDraft, ProductDraft
from procurement.kernel.clock import utc_now
from procurement.kernel.quantity import Unit
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.live import Person, address_of, serving
from tests.builders import an_actor
from tests.databases import Databases
from tests.sales.stories import a_ready_shop

pytestmark = pytest.mark.browser
BUDGET = 300_000  # bytes of a page without its pictures


@pytest.fixture(scope="module")
def app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A full page: thirty balms with every facet, three of them one family."""
    url = databases.fresh("sqlite")
    with serving(url, Path(tmp_path_factory.mktemp("shop"))) as app:
        with app.extensions["uow"].write() as session:
            a_ready_shop(session)
            for n in range(30):
                sku = f"BALM-{n:02}"
                draft = ProductDraft(
                    sku,
                    name=f"Balm number {n:02} with a name as long as names come",
                    kind=Kind.BALM,
                    unit=Unit.G,
                    brand=f"House {n}",
                    family="scented-balm" if n < 3 else None,
                    options=(("scent", f"Scent {n}"),),
                    body_areas=("Back", f"Place {n}"),
                    techniques=(f"Stroke {n}",),
                    skin_feels=("Rich",),
                    scents=(f"Scent {n}",),
                )
                packs = [
                    PackDraft(sku, "T", "Tin 50 g", 50_000),
                    PackDraft(sku, "C", "Case of 12 tins", 600_000),
                ]
                create_product(session, draft, packs, actor=an_actor(), at=utc_now())
        yield app
    databases.drop(url)


def test_a_full_page_is_light(app: Flask, browser: Browser, complaints: Complaints):
    visitor = Person(browser, complaints, address_of(app))
    sizes: list[int] = []
    visitor.page.on(
        "response",
        lambda answer: sizes.append(
            0 if "/pictures/" in answer.url else answer.request.sizes()["responseBodySize"]
        ),
    )
    visitor.page.goto("/catalogue", wait_until="networkidle")
    assert 20_000 < sum(sizes) < BUDGET
    visitor.context.close()


def test_without_scripts_one_narrows_sorts_and_orders(app: Flask, browser: Browser):
    context = browser.new_context(base_url=address_of(app), java_script_enabled=False)
    page = context.new_page()
    page.goto("/catalogue")
    page.get_by_label("Balms").check()
    page.locator("input[name=area][value=back]").check()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Balms for back")
    page.goto("/catalogue")
    page.get_by_label("Sorted by").select_option("newest")
    page.get_by_role("button", name="Sort").click()
    expect(page.locator(".product h2").first).to_contain_text("Balm number 29")
    page.goto("/family/scented-balm")
    fields = page.get_by_label("how many")
    fields.nth(0).fill("2")
    fields.nth(3).fill("1")
    page.get_by_role("button", name="Put them in the basket").click()
    expect(page.get_by_text("All 2 are in your basket")).to_be_visible()
    page.goto("/basket")
    expect(page.get_by_text("Balm number 00").first).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/catalogue?compare=BALM-00&compare=ALM-500",
        "/compare?compare=BALM-00&compare=BALM-01&compare=BALM-02&compare=ALM-500",
        "/family/scented-balm",
        "/catalogue/BALM-00",
    ],
)
def test_its_pages_are_accessible_and_fit(
    app: Flask, browser: Browser, complaints: Complaints, path: str
):
    found = {}
    for phone in (True, False):
        visitor = Person(browser, complaints, address_of(app), phone=phone)
        for scheme in ("light", "dark"):
            visitor.page.emulate_media(color_scheme=scheme)
            visitor.goto("/catalogue/BALM-05")
            visitor.goto(path)
            beyond = visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found[phone, scheme] = violations(visitor.page), beyond > 0
        visitor.context.close()
    assert {where: what for where, what in found.items() if what != ([], False)} == {}
