"""The demo spa, loaded through the operations that real work goes through.

The same day of loading gives the same spa: one seeded stream of chance, every date counted back from that day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from procurement.accounts.queries import accounts, has_accounts
from procurement.catalogue.models import Product
from procurement.demo import goods, house
from procurement.demo.answering import let_suppliers_answer
from procurement.demo.applying import apply
from procurement.demo.assortment import find_suppliers, hang_pictures, stock_the_catalogue
from procurement.demo.branch import open_branch
from procurement.demo.buying_rules import (
    agree_on_prices,
    order_again,
    set_budgets,
    set_buying_rules,
)
from procurement.demo.circulating import let_go_round
from procurement.demo.coding import name_packs
from procurement.demo.connecting import connect_system
from procurement.demo.counting import Counting
from procurement.demo.days import HISTORY_DAYS, moment
from procurement.demo.deliveries import tell_of_deliveries
from procurement.demo.desk import Desk
from procurement.demo.founding import admit_buyer, found_company, hire
from procurement.demo.fulfilling import fulfil_orders
from procurement.demo.history import Event, History
from procurement.demo.house import DemoSite
from procurement.demo.houses import open_houses
from procurement.demo.invoicing import send_invoices
from procurement.demo.listing import keep_lists
from procurement.demo.looking import look_around
from procurement.demo.lot_stories import tell_lot_stories
from procurement.demo.needing import look_ahead
from procurement.demo.open_bottles import OpenBottles
from procurement.demo.ordering import Ordering
from procurement.demo.outcomes import tell_outcomes
from procurement.demo.placing import place_orders
from procurement.demo.planning import plan_the_purchase
from procurement.demo.pricing import agree_with_groups
from procurement.demo.proposals import show_proposals
from procurement.demo.requesting import ask_around
from procurement.demo.sampling import offer_samples
from procurement.demo.selling import leave_messages, make_offers, set_prices, welcome_customers
from procurement.demo.selling_terms import set_terms
from procurement.demo.shopping import open_shop
from procurement.demo.supplier_days import note_order_days
from procurement.demo.supplier_papers import file_papers
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict
from procurement.outbox.models import Message, MessageStatus
from procurement.stock.models import Site

_SEED = 20_261_123

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoSpa:
    """What was loaded."""

    products: int
    rooms: int
    orders: int
    days: int


def load_demo(
    session: Session,
    *,
    at: datetime,
    public_url: str,
    tell: Told | None = None,
    with_pictures: bool = True,
) -> DemoSpa:
    """Fill an empty installation. `tell` hears what is being done. Raises Conflict when somebody works here already.

    Drawing the pictures takes most of the time; who does not look at them may do without.
    """
    require_empty(session)
    say = tell or (lambda _: None)
    opened = _opening_moment(at)
    say("company, people, suppliers, customers")
    cast = hire(session, at=opened)
    found_company(session, cast.administrator, at=opened)
    set_buying_rules(session, cast, at=opened)
    stock_the_catalogue(session, cast, at=opened)
    find_suppliers(session, cast, at=opened)
    note_order_days(session, cast, at=at)
    set_prices(session, cast, at=opened)
    customers = welcome_customers(session, cast, at=opened)
    admit_buyer(session, cast, customers, at=opened)
    if with_pictures:
        say(f"pictures of {len(goods.products())} products")
        hang_pictures(session, cast, at=opened)
    say(f"{HISTORY_DAYS} days in two houses")
    history = History(session, cast, at=at, random=Random(_SEED))
    ordering = _live(history, public_url)
    let_suppliers_answer(session, cast, at=at, public_url=public_url)
    file_papers(session, cast, at=at)
    set_budgets(session, cast, at=at)
    order_again(session, cast, at=at)
    agree_on_prices(session, cast, at=at)
    say("quotes and enquiries")
    make_offers(session, cast, at=at, public_url=public_url)
    tell_outcomes(session, cast, at=at, public_url=public_url)
    agree_with_groups(session, cast, at=at)
    leave_messages(session, cast, at=at)
    open_shop(session, cast, at=at)
    look_around(session, customers, at=at)
    keep_lists(session, at=at)
    name_packs(session, at=at)
    apply(session, cast, at=at)
    fulfil_orders(session, cast, at=at)
    place_orders(session, cast, at=at)
    set_terms(session, cast, at=at)
    offer_samples(session, cast, at=at)
    look_ahead(session, cast, at=at)
    open_branch(session, cast, at=at)
    show_proposals(session, cast, at=at, public_url=public_url)
    connect_system(session, cast, at=at)
    _keep_mail(session)
    plan_the_purchase(session, cast, at=at)
    rooms = sum(len(site.rooms) for site in house.sites())
    return DemoSpa(len(goods.products()), rooms, ordering.orders, HISTORY_DAYS)


def require_empty(session: ReadSession) -> None:
    """The demo never mixes with somebody's own records."""
    is_used = has_accounts(session) or any(
        session.scalar(select(table.id).limit(1)) is not None for table in (Product, Site)
    )
    if is_used:
        raise Conflict(
            "This installation is not empty; the demo spa is only loaded into an empty one."
        )


def is_loaded(session: ReadSession) -> bool:
    """Whether the demo's people are here: somebody else's installation does not get their sign-ins told."""
    addresses = {user.email for user in house.users()}
    return addresses <= {account.email for account in accounts(session)}


def _live(history: History, public_url: str) -> Ordering:
    open_houses(history.session, history.cast)
    ordering = Ordering(history)
    desk = Desk(history, ordering)
    bottles = OpenBottles(history)
    counting = Counting(history)

    def mornings(site: DemoSite, day: date) -> list[Event]:
        return [
            *ordering.mornings(site, day),
            *desk.mornings(site, day),
            *bottles.mornings(site, day),
            *counting.mornings(site, day),
        ]

    history.open()
    history.live(mornings)
    bottles.lay()
    counting.lay()
    desk.lay()
    tell_of_deliveries(history)
    tell_lot_stories(history)
    let_go_round(history)
    send_invoices(history, at=history.at)
    ask_around(history, at=history.at, public_url=public_url)
    return ordering


def _opening_moment(at: datetime) -> datetime:
    """Early on the first day, before the first count."""
    return moment(house.sites()[0], History.first_day_before(at), 6)


def _keep_mail(session: Session) -> None:
    """Everybody in the demo is invented: their mail is kept to be read here and never sent."""
    session.flush()  # the mail must be there to be kept
    session.execute(
        update(Message)
        .where(Message.status == MessageStatus.WAITING)
        .values(status=MessageStatus.KEPT)
    )
