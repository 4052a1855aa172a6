"""What goes round in the demo: tools with a number of their own, and linen on its way through the laundry."""

from datetime import datetime, timedelta

from procurement.demo.history import History
from procurement.demo.rows import Row, read
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.operations.linen import (
    SendToLaundry,
    SetLinenRule,
    send_to_laundry,
    set_linen_rule,
)
from procurement.stock.operations.tools import TagTool, clean_tool, move_tool, tag_tool
from procurement.stock.operations.transfers import TransferItem


def let_go_round(history: History) -> None:
    """Number the tools, set how much linen there should be, and send yesterday's bundle away."""
    data = read("rooms.toml")
    for row in data.rows("tool"):
        _tag(history, row)
    for row in data.rows("linen"):
        rule = SetLinenRule(
            row.text("site"),
            row.text("product"),
            row.whole("turns_a_day"),
            row.whole("pieces_a_turn"),
            row.whole("days"),
        )
        set_linen_rule(history.session, rule, actor=history.cast.manager)
    for row in data.rows("bundle"):
        item = TransferItem(row.text("product"), Quantity(row.whole("pieces"), Unit.PIECE))
        bundle = SendToLaundry(
            row.text("location"), row.text("laundry"), row.text("back_to"), (item,)
        )
        send_to_laundry(
            history.session, bundle, actor=history.cast.therapist, at=_ago(history, hours=14)
        )


def _tag(history: History, row: Row) -> None:
    days = row.whole("cleaned_days_ago")
    command = TagTool(
        row.text("location"),
        row.text("product"),
        None,
        row.text("serial"),
        history.today + timedelta(days=row.whole("warranty_in_days")),
        row.whole("clean_every_days"),
    )
    actor = history.cast.keeper
    tool = tag_tool(history.session, command, actor=actor, at=_ago(history, days=days, hours=2))
    history.session.flush()  # it is looked up by its number
    clean_tool(history.session, tool.number, actor=actor, at=_ago(history, days=days, hours=1))
    if holder := row.text("with", ""):
        move_tool(history.session, tool.number, holder, actor=actor, at=_ago(history, minutes=30))


def _ago(history: History, *, days: int = 0, hours: int = 0, minutes: int = 0) -> datetime:
    return history.at - timedelta(days=days, hours=hours, minutes=minutes)
