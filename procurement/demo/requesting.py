"""The requests for quotation of the demo: one that is answered and waits for its award, one that is on its way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from procurement.demo import goods, house
from procurement.demo.goods import DemoBuy
from procurement.demo.history import History
from procurement.kernel.clock import today_in
from procurement.kernel.money import UnitPrice
from procurement.purchasing.operations.bidding import NewAnswer, NewBid, answer_for
from procurement.purchasing.operations.requesting import (
    SaveRequest,
    WantedLine,
    save_request,
    send_request,
)

_CENT = Decimal("0.01")
_DEARER = (Decimal("0.97"), Decimal("1.06"), Decimal("0.99"), Decimal("1.02"))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that went out, and what is wanted in it."""

    number: str
    wanted: tuple[DemoBuy, ...]
    suppliers: tuple[str, ...]


def ask_around(history: History, *, at: datetime, public_url: str) -> None:
    """Last week's request has all its answers; of yesterday's one is missing."""
    buys = _bought()
    first = _ask(history, buys[:3], at - timedelta(days=6), public_url, "Oils for the spring")
    for turn, supplier in enumerate(first.suppliers):
        _answer(history, first, supplier, turn, at - timedelta(days=3))
    second = _ask(history, buys[3:5], at - timedelta(days=1), public_url, "For the new rooms")
    _answer(history, second, second.suppliers[0], 1, at - timedelta(hours=2))


def _bought() -> list[DemoBuy]:
    """One way to buy each product, in the order of the catalogue."""
    return list({buy.product: buy for buy in goods.all_buys()}.values())


def _ask(
    history: History, buys: list[DemoBuy], at: datetime, public_url: str, title: str
) -> _Asked:
    first = buys[0].supplier
    others = [one.code for one in house.suppliers() if one.code != first]
    asked = (first, *others[:2])
    actor = history.cast.purchaser
    command = SaveRequest(
        title=title,
        answer_by=today_in("Europe/Dublin", at) + timedelta(days=10),
        lines=tuple(
            WantedLine(product=buy.product, pack=buy.pack, packs=12 * (n + 1))
            for n, buy in enumerate(buys)
        ),
        suppliers=asked,
        note="Please say how long your prices hold.",
    )
    number = save_request(history.session, command, actor=actor, at=at).number
    send_request(history.session, number, public_url=public_url, actor=actor, at=at)
    return _Asked(number, tuple(buys), asked)


def _answer(history: History, asked: _Asked, supplier: str, turn: int, at: datetime) -> None:
    """Each asks a little more or less than what we pay; one leaves the last line out."""
    currency = house.currency_of(supplier)
    bids = []
    for position, buy in enumerate(asked.wanted, start=1):
        if turn == 1 and position == len(asked.wanted) > 1:
            continue
        cost = house.in_euro(buy.cost, buy.supplier) * house.per_euro(currency)
        price = (cost * _DEARER[(turn + position) % len(_DEARER)]).quantize(_CENT)
        cheaper = (price * Decimal("0.95")).quantize(_CENT)
        bids.append(
            NewBid(
                position=position,
                price=UnitPrice.parse(str(price), currency),
                lead_time_days=4 + 3 * ((turn + position) % 3),
                breaks=((24, UnitPrice.parse(str(cheaper), currency)),),
            )
        )
    answer = NewAnswer(
        bids=tuple(bids), valid_until=today_in("Europe/Dublin", at) + timedelta(days=60)
    )
    answer_for(
        history.session,
        asked.number,
        supplier,
        answer,
        actor=history.cast.purchaser,
        at=at,
    )
