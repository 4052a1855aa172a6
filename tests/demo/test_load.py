"""The demo spa on both databases: loaded once each, whole, and the same."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from procurement.accounts.queries import account_by_email
from procurement.accounts.rules.passwords import normalised
from procurement.catalogue.models import Pack, Product, ProductIngredient, ProductPicture
from procurement.catalogue.terms import Kind
from procurement.demo import goods, house, sampling
from procurement.demo.load import load_demo
from procurement.files.models import StoredFile
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.models import Message, MessageStatus
from procurement.purchasing.models import PurchaseOrder
from procurement.purchasing.terms import OrderStatus
from procurement.sales.models import Customer, Enquiry, EnquiryLine, Price, PriceList, Quote
from procurement.sales.queries.quotes import quote_page
from procurement.sales.queries.talk import quote_thread
from procurement.sales.queries.templates import quote_templates
from procurement.sales.terms import EnquiryStatus, LineChoice, LineKind, QuoteStatus
from procurement.sales.terms.order_terms import FREIGHT_SKU
from procurement.settings.models import Company
from procurement.sourcing.models import SupplierItem
from procurement.stock.models import (
    Balance,
    Location,
    Lot,
    Movement,
    Posting,
    StockingRule,
    Transfer,
)
from procurement.stock.queries.board import board
from procurement.stock.queries.requests import top_up_requests
from procurement.stock.queries.verification import verify
from procurement.stock.terms import LocationKind, TransferStatus
from tests.apps import an_app
from tests.databases import KINDS
from tests.doors import an_account
from tests.sales.stories import SELLER

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = MONDAY.date()


def load_by_command(url, folder):
    """The way `dev.py run` loads it: everything, through the command line, at a moment that stands still."""
    with pytest.MonkeyPatch.context() as patch, an_app(url, folder) as app:
        patch.setattr("procurement.cli.demo.utc_now", lambda: MONDAY)
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        again = app.test_cli_runner().invoke(args=["demo", "load"])
        sign_ins = app.test_cli_runner().invoke(args=["demo", "sign-ins"])
        return result.output, again, sign_ins.output


def load_by_hand(url):
    """Without pictures: that half has been seen on the other database."""
    engine = make_engine(url)
    with UnitOfWork(engine).write() as session:
        load_demo(session, at=MONDAY, public_url="https://spa.example", with_pictures=False)
    engine.dispose()


@pytest.fixture(scope="module")
def loaded(databases, tmp_path_factory):
    """Both databases with the demo spa in them, and what the command said."""
    urls, said = {}, None
    for kind in KINDS:
        if kind == "postgresql" and databases.reason:
            continue
        urls[kind] = databases.fresh(kind)
        if kind == "sqlite":
            said = load_by_command(urls[kind], tmp_path_factory.mktemp("demo"))
        else:
            load_by_hand(urls[kind])
    yield urls, said
    for url in urls.values():
        databases.drop(url)


@pytest.fixture(params=KINDS)
def spa(request, loaded, databases):
    """A reader of the loaded spa."""
    urls, _ = loaded
    if request.param not in urls:
        pytest.skip(databases.reason)
    engine = make_engine(urls[request.param])
    with UnitOfWork(engine).read() as session:
        yield session
    engine.dispose()


def counted(session, column):
    return dict(session.execute(select(column, func.count()).group_by(column)).all())


def test_the_command_says_what_it_made(loaded):
    said, _, sign_ins = loaded[1]
    assert "120 products, 14 treatment rooms, 91 days of history" in said
    for user in house.users():
        assert user.email in sign_ins
    assert house.password() in sign_ins


def test_a_second_load_is_refused_in_one_line(loaded):
    again = loaded[1][1]
    assert again.exit_code == 1
    assert again.output.strip().splitlines() == [
        "Error: This installation is not empty; the demo spa is only loaded into an empty one."
    ]


def test_every_balance_equals_its_ledger(spa):
    assert verify(spa) == []


def test_every_product_has_what_a_buyer_asks_for(spa):
    is_goods = Product.sku != FREIGHT_SKU  # a service of ours, made with the terms of orders
    products = spa.scalars(select(Product).where(is_goods)).all()
    lists = spa.scalar(select(func.count()).select_from(PriceList))
    packs = spa.scalar(
        select(func.count())
        .select_from(Pack)
        .join(Product, Product.id == Pack.product_id)
        .where(is_goods, Pack.code != sampling.CODE)
    )
    is_paid_for = Price.price_e4 > 0
    firsts = spa.scalar(
        select(func.count()).select_from(Price).where(Price.from_packs == 1, is_paid_for)
    )
    supplied = set(spa.scalars(select(SupplierItem.product_id)))
    labelled = set(spa.scalars(select(ProductIngredient.product_id)))
    assert len(products) == len(goods.products()) >= 80
    assert firsts == packs * lists
    for product in products:
        assert product.id in supplied, product.sku
        assert product.id in labelled or product.material, product.sku


def test_samples_cost_the_trade_nothing_and_guests_do_not_see_them(spa):
    free = spa.execute(
        select(PriceList.code, Product.sku)
        .join(Price, Price.price_list_id == PriceList.id)
        .join(Pack, Pack.id == Price.pack_id)
        .join(Product, Product.id == Pack.product_id)
        .where(Price.price_e4 == 0)
    ).all()
    trade = {"WHOLESALE-EUR", "CLINICS-EUR"}
    assert set(free) == {(code, sku) for code in trade for sku in sampling.SAMPLES}


def test_every_product_has_its_picture(loaded):
    engine = make_engine(loaded[0]["sqlite"])
    with UnitOfWork(engine).read() as session:
        pictured = session.scalars(select(ProductPicture.product_id)).all()
        assert len(set(pictured)) == len(goods.products())
        assert session.get_one(Company, 1).logo_id is not None
        sizes = session.scalars(
            select(StoredFile.size).join(ProductPicture, ProductPicture.file_id == StoredFile.id)
        )
        assert max(sizes) < 60_000
    engine.dispose()


def test_history_lies_within_the_last_three_months(spa):
    bottles = select(Lot.id).where(Lot.number == "A0626")  # from before the new labels, found late
    first, last = spa.execute(
        select(func.min(Movement.occurred_at), func.max(Movement.occurred_at)).where(
            Movement.lot_id.not_in(bottles)
        )
    ).one()
    assert MONDAY - timedelta(days=92) < first < MONDAY - timedelta(days=90)
    assert MONDAY - timedelta(days=1) < last <= MONDAY
    assert spa.scalar(select(func.count()).select_from(Movement)) > 5000
    assert spa.scalar(select(func.max(Posting.recorded_at))) <= MONDAY


def test_every_room_worked_and_holds_something(spa):
    rooms = spa.scalars(
        select(Location.id).where(Location.kind == LocationKind.TREATMENT_ROOM)
    ).all()
    used = set(spa.scalars(select(Movement.from_id).distinct()))
    holding = set(spa.scalars(select(Balance.location_id).where(Balance.on_hand > 0)))
    assert len(rooms) >= 12
    assert set(rooms) <= used & holding


def test_orders_stand_in_every_state(spa):
    found = counted(spa, PurchaseOrder.status)
    assert set(found) == set(OrderStatus)
    assert found[OrderStatus.RECEIVED] > 20


def test_quotes_stand_in_every_state(spa):
    assert set(counted(spa, Quote.status)) == set(QuoteStatus)


def test_one_quote_shows_what_a_quote_can_hold_and_waits_for_an_answer(spa):
    number = spa.scalar(
        select(Quote.number)
        .join(Customer, Customer.id == Quote.customer_id)
        .where(Customer.code == "WALDHAUS")
    )
    page = quote_page(spa, number, actor=SELLER, at=MONDAY)
    assert {line.kind for line in page.lines} == set(LineKind)
    assert {line.choice for line in page.lines} == set(LineChoice)
    assert [len(line.offers) for line in page.lines if line.offers] == [2]
    assert quote_thread(spa, number, actor=SELLER)
    assert quote_templates(spa, actor=SELLER)
    assert spa.scalar(select(func.count()).where(EnquiryLine.target_e4.is_not(None))) == 2
    assert spa.scalar(select(func.count()).where(Enquiry.assigned_to_id.is_not(None))) >= 1


def test_enquiries_wait_for_an_answer(spa):
    found = counted(spa, Enquiry.status)
    assert set(found) == set(EnquiryStatus)
    assert found[EnquiryStatus.NEW] >= 3


def test_bottles_are_past_and_near_their_date(spa):
    dates = spa.scalars(
        select(Lot.use_by)
        .join(Balance, Balance.lot_id == Lot.id)
        .where(Balance.on_hand > 0, Lot.use_by.is_not(None))
    ).all()
    assert sum(1 for day in dates if day < TODAY) >= 3
    assert sum(1 for day in dates if TODAY <= day <= TODAY + timedelta(days=30)) >= 4
    assert sum(1 for day in dates if day > TODAY + timedelta(days=60)) > 100


def test_bottles_stand_open_in_every_state(spa):
    rows = [row for room in board(spa, at=MONDAY) for row in room.rows]
    rooms = [row for row in rows if row.location != "K-STORE"]
    assert 30 <= len(rooms) <= 60
    assert sum(row.is_past for row in rooms) == 2
    assert sum(row.is_soon for row in rooms) >= 2
    assert sum(row.decanted_at is not None for row in rooms) == 4
    assert len({row.location for row in rooms}) >= 10
    assert len({row.percent for row in rooms}) >= 5
    assert all(row.opened_at <= MONDAY for row in rows)
    assert [row.asked_by for row in top_up_requests(spa)] != []


def test_some_shelves_run_low_and_most_do_not(spa):
    held = (
        select(func.coalesce(func.sum(Balance.on_hand), 0))
        .where(
            Balance.location_id == StockingRule.location_id,
            Balance.product_id == StockingRule.product_id,
        )
        .scalar_subquery()
    )
    rules = spa.scalar(select(func.count()).select_from(StockingRule))
    low = spa.scalar(
        select(func.count()).select_from(StockingRule).where(held < StockingRule.reorder_point)
    )
    assert 5 <= low <= rules // 4


def test_goods_wait_in_quarantine_and_a_load_waits_to_be_carried(spa):
    waiting = spa.scalar(
        select(func.sum(Balance.on_hand))
        .join(Location, Location.id == Balance.location_id)
        .where(Location.kind == LocationKind.QUARANTINE)
    )
    assert waiting > 0
    assert set(counted(spa, Transfer.status)) == {
        TransferStatus.REQUESTED,
        TransferStatus.DRAFT,
        TransferStatus.IN_TRANSIT,
        TransferStatus.DONE,
    }


def test_nobody_invented_is_ever_sent_a_mail(spa):
    assert set(counted(spa, Message.status)) == {MessageStatus.KEPT}


def test_each_role_can_sign_in_with_the_password_told(spa):
    for user in house.users():
        account = account_by_email(spa, user.email)
        assert account.roles == {Role(user.role)}
        assert PasswordHasher().verify(account.password, normalised(house.password()))
        assert (account.customer_id is not None) == (user.role == Role.WHOLESALE_BUYER)


def test_services_have_no_stock(spa):
    stocked = set(spa.scalars(select(Balance.product_id).distinct()))
    services = set(spa.scalars(select(Product.id).where(Product.kind == Kind.SERVICE)))
    assert services
    assert not stocked & services


def test_the_same_day_gives_the_same_spa(loaded, databases):
    """Two loads on two databases: the same lots in the same places, the same documents and totals."""
    urls, _ = loaded
    if databases.reason:
        pytest.skip(databases.reason)
    first, second = (snapshot(url) for url in urls.values())
    assert first == second


def snapshot(url):
    engine = make_engine(url)
    with UnitOfWork(engine).read() as session:
        shelves = session.execute(
            select(
                Location.code,
                Product.sku,
                Lot.number,
                Lot.use_by,
                Balance.on_hand,
                Balance.reserved,
            )
            .join_from(Balance, Location, Location.id == Balance.location_id)
            .join(Lot, Lot.id == Balance.lot_id)
            .join(Product, Product.id == Lot.product_id)
        )
        orders = session.execute(
            select(PurchaseOrder.number, PurchaseOrder.status, PurchaseOrder.gross_minor)
        )
        quotes = session.execute(
            select(Quote.number, Quote.revision, Quote.status, Quote.gross_minor)
        )
        found = {
            "shelves": {tuple(row) for row in shelves},
            "orders": {tuple(row) for row in orders},
            "quotes": {tuple(row) for row in quotes},
        }
    engine.dispose()
    return found


def test_an_installation_with_somebody_in_it_is_refused(fresh_database):
    engine = make_engine(fresh_database)
    with UnitOfWork(engine).write() as session:
        an_account(session, Role.ADMINISTRATOR)
    with UnitOfWork(engine).write() as session, pytest.raises(Conflict, match="not empty"):
        load_demo(session, at=MONDAY, public_url="https://spa.example")
    engine.dispose()
