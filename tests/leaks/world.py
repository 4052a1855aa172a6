"""A seller with two customers who must not know of each other, and with costs that neither may see.

Every word of somebody's begins with their name, every price of theirs with their digits: wherever either shows up, one
knows whose it is. Both live through the same; `move_on` then changes whatever one of them and the seller keep to
themselves, and nothing else.
"""

import io
import itertools
from dataclasses import dataclass
from datetime import date, timedelta

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import ApiToken, User
from procurement.accounts.operations.tokens import issue_token
from procurement.catalogue.models import Family, Product
from procurement.files.models import StoredFile
from procurement.kernel.actor import PUBLIC, Actor
from procurement.kernel.money import Money, Rate, UnitPrice
from procurement.kernel.permissions import GRANTS, Role
from procurement.kernel.quantity import Quantity, Unit
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder, draft_order
from procurement.sales.models import Customer, PriceList, ReturnRequestPhoto
from procurement.sales.operations.answering import Answer, accept_quote
from procurement.sales.operations.applications import ApplyForAccount, apply_for_account
from procurement.sales.operations.baskets import set_basket
from procurement.sales.operations.buyers import InviteColleague, invite_colleague
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.operations.customers import (
    AddressInput,
    ContactInput,
    SaveCustomer,
    create_customer,
)
from procurement.sales.operations.enquiries import (
    CONSENT,
    AskedProduct,
    LeaveMessage,
    RequestQuote,
    leave_message,
    request_quote,
)
from procurement.sales.operations.groups import SaveGroup, save_group
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.operations.lines import QuoteLineInput
from procurement.sales.operations.noting import log_note
from procurement.sales.operations.placing import PlaceOrder, place_order
from procurement.sales.operations.price_lists import (
    PriceInput,
    SavePriceList,
    change_price_list,
    create_price_list,
)
from procurement.sales.operations.price_rules import SavePriceRule, create_price_rule
from procurement.sales.operations.questions import answer_question, ask_about_quote
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.operations.return_requests import AskReturn, ask_return
from procurement.sales.operations.shipping import ShipGoods, ShippedLine, ship_goods
from procurement.sales.operations.shop import arrange_shop, save_search
from procurement.sales.operations.taking_back import ReturnedLine
from procurement.sales.operations.wanting import WantedLine
from procurement.sales.queries.offers import offered_products
from procurement.sales.rules.customers import NoteKind
from procurement.sales.rules.price_rules import CostBasis, RuleKind
from procurement.sales.terms import AddressKind, CustomerKind
from procurement.sales.terms.buyers import Powers
from procurement.sales.terms.orders import CustomerReturnReason
from procurement.sales.terms.shop import VisitorPrices
from procurement.settings.models import Tax
from procurement.stock import ledger
from procurement.stock.operations.lots import NewLot, open_lots
from procurement.stock.queries.places import place_of_kind, places_by_code
from procurement.stock.terms import LocationKind, Reason
from tests.builders import (
    NOON,
    a_company,
    a_location,
    a_product,
    a_supplier,
    a_supplier_item,
    an_actor,
    virtual_locations,
)
from tests.doors import an_account
from tests.leaks.keeping import a_system, keeps, keeps_more
from tests.leaks.secrets import Secrets

URL = "https://spa.example"
LATER = NOON + timedelta(hours=3)  # when everybody looks around
STAFF = an_actor(name="Tom")
# No product's packs come twice; the tool is not in stock, so what one orders of it changes no badge.
PACKS = (
    ("ALM-500", "bottle"),
    ("ALM-500", "case"),
    ("BLM-50", "tin"),
    ("GEL-200", "tube"),
    ("CRR-01", "piece"),
)


@dataclass(frozen=True)
class Told:
    """What stands for the gaps of addresses that lead to somebody's own, and whose eyes look."""

    secrets: Secrets
    customer: int
    user: int
    bearer: str  # what their programs show the API
    gaps: dict[str, str]


@dataclass(frozen=True)
class World:
    ouzel: Told
    whinchat: Told

    @property
    def customers(self) -> tuple[Told, Told]:
        return self.ouzel, self.whinchat


def a_world(session: Session) -> World:
    seller = Secrets("Crannog", 31_190)
    _a_house(session, seller)
    ouzel = _a_life(session, Secrets("Ouzel", 60_070), upwards=True)
    whinchat = _a_life(session, Secrets("Whinchat", 79_190), upwards=False)
    _an_order_to_the_supplier(session)
    session.flush()
    return World(ouzel, whinchat)


def _a_house(session: Session, seller: Secrets) -> None:
    """What is on offer, what it costs the seller, what visitors see, and a list that nobody's prices come from."""
    a_company(session).email = "sales@spa.example"
    session.add(Tax(code="A", name="VAT", rate_ppm=230_000))
    session.flush()
    virtual_locations(session)
    a_location(session, "STORE")
    a_location(session, "HOLD", LocationKind.QUARANTINE)
    a_product(session, "ALM-500", name="Sweet almond", packs={"bottle": "500", "case": "6000"})
    a_product(session, "BLM-50", name="Balm", packs={"tin": "50"})
    a_product(session, "GEL-200", name="Gel", packs={"tube": "200"})
    a_product(session, "CRR-01", name="Roller", unit=Unit.PIECE, packs={"piece": "1"})
    family = Family(code="pair", name="A pair")
    session.add(family)
    session.flush()
    for product in session.scalars(select(Product).where(Product.sku.in_(("BLM-50", "GEL-200")))):
        product.family_id = family.id
    a_supplier(session, "CRANNOG", name=seller.word("supplier"))
    for sku, pack in (("ALM-500", "case"), ("GEL-200", "tube"), ("BLM-50", "tin")):
        a_supplier_item(session, sku, supplier="CRANNOG", pack=pack, prices={1: seller.price()})
        _into_stock(session, sku, seller.price())
    default = Secrets("Crannog", 40_030)
    _a_list(session, default, "CRANNOG-ALL", is_default=True)
    _a_list(session, Secrets("", 50_030), "RETAIL")
    arrange_shop(session, VisitorPrices.RETAIL, "RETAIL", actor=STAFF, at=NOON)


def _a_list(
    session: Session, whose: Secrets, code: str, *, upwards: bool = True, **more: bool
) -> PriceList:
    """A price and a cheaper one from six for every pack: each customer's list puts products in another order."""
    packs = PACKS if upwards else PACKS[::-1]
    prices = tuple(
        PriceInput(sku, UnitPrice.parse(whose.price(), "EUR"), pack, from_packs)
        for from_packs in (6, 1)
        for sku, pack in packs
    )
    command = SavePriceList(
        code=code, name=whose.word("list"), currency="EUR", prices=prices, **more
    )
    return create_price_list(session, command, actor=STAFF, at=NOON)


def _into_stock(session: Session, sku: str, cost: str) -> None:
    product = offered_products(session, skus={sku})[sku]
    steps = Quantity.parse("60000", Unit.ML).steps
    new = NewLot(
        product_id=product.id,
        received_on=NOON.date(),
        supplier_lot=f"{sku}-1",
        expires_on=date(2027, 9, 1),
        cost_minor=int(cost.replace(".", "")),
        cost_currency="EUR",
        quantity=steps,
        names_allergens=True,
        line="lines.0",
    )
    (lot,) = open_lots(session, [new], at=NOON)
    place = places_by_code(session, {"STORE"})["STORE"]
    opening = place_of_kind(session, LocationKind.OPENING)
    move = ledger.Move(product.id, steps, opening, place, lot, "moves.0")
    ledger.post(session, Reason.OPENING, [move], actor=STAFF, at=NOON)


def _an_order_to_the_supplier(session: Session) -> None:
    """A draft: nothing is on its way because of it."""
    line = NewOrderLine(product="CRR-01", pack="piece", packs=5, unit_price="311.90")
    command = DraftOrder(supplier="CRANNOG", lines=(line,), deliver_to="STORE")
    draft_order(session, command, actor=STAFF, at=NOON)


def _a_life(session: Session, own: Secrets, *, upwards: bool) -> Told:
    """A customer with a list, a ladder, a group and its rule, people, and everything they can have started."""
    code = own.name.upper()
    _a_list(session, own, f"{code}-LIST", upwards=upwards)
    save_group(session, SaveGroup(f"CRANNOG-{code}", f"Crannog {code}"), actor=STAFF, at=NOON)
    customer = _a_customer(session, own)
    rule = SavePriceRule(
        name=f"Crannog rule for {code}",
        kind=RuleKind.DISCOUNT,
        percent=Rate.parse("4"),
        group=f"CRANNOG-{code}",
        product="GEL-200",
        basis=CostBasis.SUPPLIER_PRICE,
    )
    made_rule = create_price_rule(session, rule, actor=STAFF, at=NOON)
    user = an_account(session, Role.WHOLESALE_BUYER, customer_id=customer.id)
    user.name, user.email = own.word("buyer"), own.email("buyer")
    buyer = _buyer(user)
    gaps = {
        "address_id": str(customer.addresses[0].id),
        "email": _a_colleague(session, own, buyer, "colleague"),
        "search_id": str(_a_search(session, own, buyer, "search")),
        **_quotes(session, own, buyer),
        **_orders(session, own, buyer),
        "message": _a_message(session, own),
        **keeps(session, own, user, buyer),
    }
    a_system(session, own, user)
    _asks(session, own, buyer)
    bearer = issue_token(session, user.email, own.word("program"), at=NOON)
    gaps["code"], gaps["list"], gaps["rule"] = code, f"{code}-LIST", str(made_rule.id)
    gaps["token_id"] = str(
        session.scalars(select(ApiToken.id).where(ApiToken.user_id == user.id)).one()
    )
    return Told(own, customer.id, user.id, bearer, gaps)


def _buyer(user: User) -> Actor:
    grants = GRANTS[Role.WHOLESALE_BUYER]
    return Actor(user.id, user.name, grants, customer_id=user.customer_id)


def _a_customer(session: Session, own: Secrets) -> Customer:
    code = own.name.upper()
    command = SaveCustomer(
        code=code,
        name=own.word("rooms"),
        kind=CustomerKind.SPA_OWNER,
        email=own.email("rooms"),
        phone="+353 91 " + str(own.digits),
        price_list=f"{code}-LIST",
        group=f"CRANNOG-{code}",
        payment_terms=own.word("terms"),
        credit_limit=Money.parse(f"{own.digits}0000.00", "EUR"),
        note="Crannognote",
        contacts=(ContactInput(own.word("contact"), "director", own.email("contact")),),
        addresses=(
            AddressInput(
                AddressKind.DELIVERY,
                street=own.word("street"),
                city=own.word("town"),
                country="IE",
            ),
        ),
    )
    made = create_customer(session, command, actor=STAFF, at=NOON)
    log_note(session, code, NoteKind.CALL, "Crannogcall", actor=STAFF, at=NOON)
    return made


def _a_colleague(session: Session, own: Secrets, buyer: Actor, who: str) -> str:
    command = InviteColleague(
        email=own.email(who),
        name=own.word(who),
        powers=Powers(may_manage=False, may_approve=True),
    )
    invite_colleague(session, command, link_of=lambda _: URL, actor=buyer, at=NOON)
    return command.email


def _a_search(session: Session, own: Secrets, buyer: Actor, about: str) -> int:
    return save_search(session, own.word(about), "kind=oil", actor=buyer, at=NOON).id


def _quotes(session: Session, own: Secrets, buyer: Actor) -> dict[str, str]:
    """One that waits for an answer, with a question about it; one that was accepted."""
    number, token = _a_quote(session, own)
    ask_about_quote(session, number, own.word("question"), actor=buyer, at=NOON)
    answer_question(session, number, own.word("answer"), actor=STAFF, at=NOON, public_url=URL)
    accepted, _ = _a_quote(session, own)
    accept_quote(session, accepted, Answer(name=own.word("buyer")), actor=buyer, at=NOON)
    return {"quote": number, "accepted": accepted, "token": token}


def _a_quote(session: Session, own: Secrets) -> tuple[str, str]:
    lines = (
        QuoteLineInput(product="ALM-500", pack="case", packs=7),
        QuoteLineInput(product="CRR-01", packs=3, price=UnitPrice.parse(own.price(), "EUR")),
    )
    command = DraftQuote(
        customer=own.name.upper(), lines=lines, introduction=own.word("introduction")
    )
    number = draft_quote(session, command, actor=STAFF, at=NOON).number
    issued = issue_quote(session, IssueQuote(number=number, public_url=URL), actor=STAFF, at=NOON)
    session.flush()
    return str(number), str(issued.link_token)


def _orders(session: Session, own: Secrets, buyer: Actor) -> dict[str, str]:
    """One shipped, with a picture of what was wrong with it; one just placed; a basket for the next."""
    lines = (WantedLine("ALM-500", 3), WantedLine("BLM-50", 2))
    number = _an_order(session, own, buyer, "first", lines)
    confirm_order(session, number, actor=STAFF, at=NOON)
    shipment = ship_goods(
        session,
        ShipGoods(order=number, lines=(ShippedLine(1, 3),), carrier=own.word("carrier")),
        actor=STAFF,
        at=NOON,
    )
    session.flush()
    asked = ask_return(
        session,
        AskReturn(
            order=number,
            shipment=shipment.number,
            lines=(ReturnedLine(1, Quantity.parse("500", Unit.ML)),),
            reason=CustomerReturnReason.DAMAGED,
            note=own.word("damage"),
            photos=((own.word("photo") + ".jpg", _a_photo(own.digits)),),
            key=own.word("return"),
        ),
        actor=buyer,
        at=NOON,
    )
    _an_order(session, own, buyer, "second", (WantedLine("CRR-01", 4),))
    pack = offered_products(session, skus={"GEL-200"})["GEL-200"].pack(None)
    set_basket(session, {pack.id: 7}, actor=buyer, at=NOON)
    photo = session.scalars(
        select(StoredFile.sha256)
        .join(ReturnRequestPhoto, ReturnRequestPhoto.file_id == StoredFile.id)
        .where(ReturnRequestPhoto.request_id == asked.id)
    ).one()
    return {
        "order": number,
        "shipment": str(shipment.number),
        "return": str(asked.number),
        "photo": photo,
    }


def _an_order(
    session: Session, own: Secrets, buyer: Actor, about: str, lines: tuple[WantedLine, ...]
) -> str:
    command = PlaceOrder(
        key=own.word(about),
        lines=lines,
        customer_ref=own.word(f"ref{about}"),
        note=own.word(f"note{about}"),
    )
    number = place_order(session, command, actor=buyer, at=NOON).number
    session.flush()
    return str(number)


def _a_photo(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade % 251, shade % 241, shade % 239)).save(out, "JPEG")
    return out.getvalue()


def _a_message(session: Session, own: Secrets) -> str:
    """What somebody of theirs wrote before they signed in; answers the private link's last part."""
    command = LeaveMessage(
        name=own.word("visitor"),
        email=own.email("visitor"),
        kind=CustomerKind.SPA_OWNER,
        message=own.word("message"),
        products=(AskedProduct("GEL-200", packs=5),),
        consent=CONSENT,
    )
    made = leave_message(session, command, actor=PUBLIC, at=NOON)
    session.flush()
    return str(made.link_token)


def _asks(session: Session, own: Secrets, buyer: Actor) -> None:
    lines = (AskedProduct("CRR-01", packs=9, target=UnitPrice.parse(own.price(), "EUR")),)
    request_quote(
        session, RequestQuote(lines=lines, message=own.word("request")), actor=buyer, at=NOON
    )
    application = ApplyForAccount(
        company=own.word("branch"),
        kind=CustomerKind.SPA_OWNER,
        name=own.word("applicant"),
        email=own.email("applicant"),
        country="IE",
        message=own.word("application"),
    )
    apply_for_account(session, application, actor=PUBLIC, at=NOON)


def move_on(session: Session, told: Told) -> None:
    """One customer's prices, papers, people and wishes change, and what everything costs the seller.

    Nothing that others may see does: not what is on offer, not what is in stock.
    """
    own, code = told.secrets, told.secrets.name.upper()
    seller = Secrets("Crannog", 31_190, itertools.count(501))
    prices = tuple(
        PriceInput(sku, UnitPrice.parse(own.price(), "EUR"), pack, from_packs)
        for from_packs in (6, 1)
        for sku, pack in PACKS
    )
    command = SavePriceList(
        code=f"{code}-LIST", name=own.word("new"), currency="EUR", prices=prices
    )
    change_price_list(session, command, actor=STAFF, at=NOON)
    for sku, pack in (("BLM-50", "tin"), ("GEL-200", "tube"), ("ALM-500", "case")):
        a_supplier_item(session, sku, supplier="CRANNOG", pack=pack, prices={1: seller.price()})
    _an_order_to_the_supplier(session)
    cost_plus = SavePriceRule(
        name="Crannog on top",
        kind=RuleKind.COST_PLUS,
        percent=Rate.parse("45"),
        group=f"CRANNOG-{code}",
        product="BLM-50",
        basis=CostBasis.SUPPLIER_PRICE,
    )
    create_price_rule(session, cost_plus, actor=STAFF, at=NOON)
    user = session.get_one(User, told.user)
    buyer = _buyer(user)
    keeps_more(session, own, user, buyer)
    _a_colleague(session, own, buyer, "another")
    _a_search(session, own, buyer, "another")
    _a_quote(session, own)
    again = _an_order(session, own, buyer, "third", (WantedLine("CRR-01", 11),))
    confirm_order(session, again, actor=STAFF, at=NOON)
    set_basket(session, {}, actor=buyer, at=NOON)
    log_note(session, code, NoteKind.CALL, "Crannogagain", actor=STAFF, at=NOON)
