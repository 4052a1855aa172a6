"""What a shop says of its stock, in words and a shape."""

from dataclasses import dataclass

from procurement.planning.rules.badges import Badge, Stock
from procurement.web.filters import show_date


@dataclass(frozen=True, slots=True)
class StockWords:
    """Never a number but how few are left."""

    words: str = ""
    tone: str = ""
    icon: str | None = None


def stock_words(badge: Badge | None) -> StockWords:
    """Nothing is said of services and of what can only be asked for."""
    if badge is None or badge.stock is Stock.NONE:
        return StockWords()
    if badge.stock is Stock.IN:
        return StockWords("In stock", "ok", "check")
    if badge.stock is Stock.LOW:
        return StockWords(f"{badge.packs} left", "soon", "clock")
    if badge.stock is Stock.DUE:
        return StockWords(
            f"Due {show_date(badge.due_on)}" if badge.due_on else "On its way", "soon", "clock"
        )
    return StockWords(f"Ordered in, {_days(badge.days)}", "", "truck")


def _days(days: int) -> str:
    if days > 21:
        return f"{-(-days // 7)} weeks"
    return "1 day" if days == 1 else f"{max(days, 1)} days"
