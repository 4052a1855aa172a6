"""The form of a supplier's answer: filled in by the supplier behind the link, or by a clerk who was told."""

from collections.abc import Mapping
from typing import Any

from wtforms import FormField

from procurement.purchasing.operations.confirming import SupplierSays
from procurement.purchasing.rules.confirming import MOST_PACKS
from procurement.purchasing.terms import AnsweredBy, LineAnswer
from procurement.web.fields import DateField, ProseField, TextField, WholeNumberField
from procurement.web.forms import BaseForm, LineForm, LineList


class LineAnswerForm(LineForm):
    position = WholeNumberField("Line", least=1)
    packs = WholeNumberField("Packs", required=False, most=MOST_PACKS)
    due_on = DateField("Delivered by", required=False)
    remark = TextField("Remark", required=False)

    def to_line(self) -> LineAnswer:
        return LineAnswer(self.position.data, self.packs.data, self.due_on.data, self.remark.data)


class SupplierAnswerForm(BaseForm):
    """Which button was pressed says what is meant: all as ordered, only received, nothing, or line by line."""

    said_by = TextField("Your name")
    message = ProseField("Message", required=False, most=2_000)
    supplier_order = TextField("Your order number", required=False)
    lines = LineList(FormField(LineAnswerForm), spare=0, least=0)

    def to_says(self, meant: str, answered_by: AnsweredBy) -> SupplierSays:
        """`meant`: "all", "received", "nothing"; else the lines as they were filled in."""
        lines = tuple(entry.form.to_line() for entry in self.lines.entries)
        return SupplierSays(
            said_by=self.said_by.data,
            message=self.message.data,
            supplier_order=self.supplier_order.data,
            lines=lines if meant not in {"all", "received", "nothing"} else (),
            only_received=meant == "received",
            refuses_all=meant == "nothing",
            answered_by=answered_by,
        )


def filled_for(lines: Any, **more: str) -> Mapping[str, Any]:
    """What the form begins with: every line that is still to come, as it was last said or ordered."""
    begun = [
        {"position": line.position, "packs": line.packs, "due_on": line.due_on}
        for line in lines
        if line.is_asked
    ]
    return {"lines": begun, **more}
