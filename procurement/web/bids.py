"""The form of an answer to a request for quotation: our clerk's and the supplier's own are the same."""

import re
from collections.abc import Sequence
from typing import Any

from wtforms import FormField

from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.purchasing.operations.bidding import NewAnswer, NewBid
from procurement.purchasing.queries.quotations import pack_choices
from procurement.purchasing.terms.quotations import InvitationRow, PackChoice, RequestLineRow
from procurement.web.fields import (
    ChoiceField,
    DateField,
    PriceField,
    ProseField,
    TextField,
    WholeNumberField,
)
from procurement.web.forms import BaseForm, LineForm, LineList

_BREAK = re.compile(r"([0-9]{1,7})\s*(?:[:=@]|from|x)\s*([0-9]{1,9}(?:[.,][0-9]{1,4})?)")


class BreaksField(TextField):
    """Price breaks as text: "20: 7.50; 50: 7.10", and nothing else."""

    def parsed(self, text: str) -> str:
        typed = str(super().parsed(text))
        if _BREAK.sub("", typed).strip(" ;,\t"):
            raise ValueError("Write packs and price, as in 20: 7.50; 50: 7.10.")
        return typed


class BidForm(LineForm):
    """A line; one without a price is not offered."""

    position = WholeNumberField("Line", least=1)
    price = PriceField("Price of a pack", required=False)
    pack = ChoiceField("Pack", required=False, validate_choice=False)
    breaks = BreaksField(
        "Cheaper from", required=False, description="As in 20: 7.50; 50: 7.10 (packs: price)."
    )
    moq = WholeNumberField("At least", least=1, required=False)
    lead_time_days = WholeNumberField("Days", most=365, required=False)
    remark = TextField("Remark", required=False)

    def to_bid(self, currency: str) -> NewBid:
        price: UnitPrice = self.price.data
        return NewBid(
            position=self.position.data,
            price=UnitPrice(price.e4, currency),
            pack=self.pack.data or None,
            moq=self.moq.data or 1,
            lead_time_days=self.lead_time_days.data,
            breaks=read_breaks(self.breaks.data, currency),
            remark=self.remark.data,
        )


class AnswerForm(BaseForm):
    valid_until = DateField("Prices are valid until", required=False)
    remark = ProseField("Remark", required=False, most=2_000)
    lines = LineList(FormField(BidForm), spare=0, least=1)

    def to_answer(self, currency: str, *, name: str = "", came_from: str = "") -> NewAnswer:
        return NewAnswer(
            bids=tuple(entry.form.to_bid(currency) for entry in self._priced()),
            name=name,
            valid_until=self.valid_until.data,
            remark=self.remark.data,
            came_from=came_from,
        )

    def blame_rows(self, error: Conflict | Invalid) -> None:
        """Lines without a price were left out of the command: its numbers are those of the rest."""
        kept = [i for i, entry in enumerate(self.lines.entries) if entry.form.price.data]
        moved = []
        for one in error.errors:
            parts = one.field.split(".")
            if len(parts) > 1 and parts[0] == "lines" and int(parts[1]) < len(kept):
                parts[1] = str(kept[int(parts[1])])
            moved.append(FieldError(".".join(parts), one.message))
        self.blame(Invalid.of(moved) if moved else error)

    def _priced(self) -> list[Any]:
        return [entry for entry in self.lines.entries if entry.form.price.data]


def read_breaks(text: str, currency: str) -> tuple[tuple[int, UnitPrice], ...]:
    """Packs and prices of "20: 7.50; 50: 7.10". A comma may be the decimal sign."""
    return tuple(
        (int(packs), UnitPrice.parse(price.replace(",", "."), currency))
        for packs, price in _BREAK.findall(text)
    )


def answer_form(lines: Sequence[RequestLineRow], asked: InvitationRow) -> Any:
    """The form with what the supplier has answered so far."""
    return AnswerForm(data=answer_data(lines, asked))


def answer_data(lines: Sequence[RequestLineRow], asked: InvitationRow) -> dict[str, Any]:
    rows = []
    for line in lines:
        bid = asked.bid(line.position)
        rows.append(
            {"position": line.position, "pack": line.pack}
            if bid is None
            else {
                "position": line.position,
                "price": bid.price,
                "pack": bid.pack,
                "breaks": "; ".join(f"{one.from_packs}: {one.price.amount}" for one in bid.breaks),
                "moq": bid.moq,
                "lead_time_days": bid.lead_time_days,
                "remark": bid.remark,
            }
        )
    return {"valid_until": asked.valid_until, "remark": asked.remark, "lines": rows}


def choices_of(session: ReadSession, form: AnswerForm, lines: Sequence[RequestLineRow]) -> None:
    """The packs each line may be offered in."""
    offer_packs(form, lines, pack_choices(session, lines))


def offer_packs(
    form: AnswerForm,
    lines: Sequence[RequestLineRow],
    packs: dict[str, tuple[PackChoice, ...]],
) -> None:
    products = {line.position: line.product for line in lines}
    for entry in form.lines.entries:
        found = packs.get(products.get(entry.form.position.data, ""), ())
        entry.form.pack.choices = [(one.code, one.name) for one in found]
