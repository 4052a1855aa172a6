"""Figures, moments and words as people read them: the company's language, its zone, one way to show each thing.

The list the templates rely on stands in templates/components/README.md.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask, g, url_for
from markupsafe import Markup, escape

from procurement.documents.figures import figures
from procurement.documents.languages import words_for
from procurement.files.terms import WIDTHS
from procurement.kernel.clock import today_in, utc_now
from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice, minor_digits
from procurement.kernel.quantity import Quantity, Unit, plain
from procurement.web.addresses import public_url
from procurement.web.company import current_company
from procurement.web.documents import document_url

NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
SPACE = "\N{NO-BREAK SPACE}"


def current_locale() -> Locale:
    """The language of figures and dates."""
    if "locale" not in g:
        g.locale = Locale.parse(current_company().locale.replace("-", "_"))
    locale: Locale = g.locale
    return locale


def today() -> date:
    """The company's business day."""
    return today_in(current_company().time_zone, utc_now())


def show_money(value: Money | UnitPrice | None, symbol: bool = True) -> str:
    """€48,230.00; a price per pack shows up to four places where it has them."""
    if value is None:
        return ""
    places = len(value.amount.partition(".")[2])
    digits = "#,##0." + "0" * places if places else "#,##0"
    locale = current_locale()
    if not symbol:
        return _spaced(format_decimal(value.decimal, digits, locale=locale))
    pattern = locale.currency_formats["standard"].pattern.split(";")[0]
    pattern = pattern.replace("#,##0.00", digits)
    return _spaced(
        format_currency(
            value.decimal, value.currency, pattern, locale=locale, currency_digits=False
        )
    )


def _spaced(written: str) -> str:
    """On a customer's page groups stand as far apart as on the paper."""
    return written.replace(NARROW_SPACE, SPACE) if "speaks" in g else written


def show_quantity(value: Quantity | None, unit: bool = True) -> str:
    """9,360 ml, 3 pieces; trailing zeros cut."""
    if value is None:
        return ""
    figure = show_number(Decimal(value.steps) / value.unit.steps)
    if not unit:
        return figure
    word: str = value.unit
    if value.unit is Unit.PIECE and abs(value.steps) != 1:
        word = "pieces"
    return f"{figure}{SPACE}{word}"


def show_number(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    return format_decimal(value, "#,##0.#########", locale=current_locale())


def show_amount(value: Decimal | None, currency: str) -> str:
    """An amount of a frozen paper: the currency's places, more where a price has them."""
    if value is None:
        return ""
    places = max(minor_digits(currency), len(plain(value).partition(".")[2]))
    digits = "#,##0." + "0" * places if places else "#,##0"
    return format_decimal(value, digits, locale=current_locale())


def show_percent(value: Rate | TaxRate | Decimal | None, digits: int = 1) -> str:
    """26.2 %. A rate shows all its places, a computed percentage as many as asked for."""
    if value is None:
        return ""
    if isinstance(value, Rate | TaxRate):
        value = Decimal(value.percent)
        digits = 4  # a tax has as many, a discount half of them
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    return format_decimal(value, pattern, locale=current_locale()) + f"{NARROW_SPACE}%"


def show_date(value: date | None, year: bool | None = None) -> str:
    """Fri 27 Nov; with the year when it is not this one. A moment is shown as its day in the company's zone."""
    if value is None:
        return ""
    day = _day_of(value)
    with_year = day.year != today().year if year is None else year
    if "speaks" in g:  # in a customer's language, day and month in its order
        written = figures(g.speaks)
        return written.day(day) if with_year else written.short_day(day)
    pattern = "EEE d MMM y" if with_year else "EEE d MMM"
    return format_date(day, pattern, locale=current_locale())


def show_month(value: str) -> str:
    """Nov 2026, of 2026-11."""
    return format_date(date.fromisoformat(f"{value}-01"), "MMM y", locale=current_locale())


def show_moment(value: datetime | None) -> str:
    """Fri 27 Nov, 10:42 in the company's zone."""
    if value is None:
        return ""
    clock = format_datetime(
        value, "HH:mm", tzinfo=ZoneInfo(current_company().time_zone), locale=current_locale()
    )
    return f"{show_date(value)}, {clock}"


def show_paper_time(value: datetime, locale: str) -> str:
    """A moment in the language of a paper, in the company's zone."""
    zone = ZoneInfo(current_company().time_zone)
    return format_datetime(
        value, "medium", tzinfo=zone, locale=Locale.parse(locale.replace("-", "_"))
    )


def show_relative(value: date | None) -> str:
    """In 3 days, Fri 27 Nov."""
    if value is None:
        return ""
    distance = _day_of(value) - today()
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(distance.days)
    words = near or format_timedelta(
        distance, granularity="day", threshold=1.4, add_direction=True, locale=current_locale()
    )
    return f"{words}, {show_date(value)}"


def show_plain(value: Quantity | Money | UnitPrice | Rate | TaxRate | Decimal | None) -> str:
    """As it is written into a field: no group signs, a full stop, no unit."""
    if value is None:
        return ""
    if isinstance(value, Rate | TaxRate):
        return value.percent
    return plain(value) if isinstance(value, Decimal) else value.amount


def show_iso(value: date | None) -> str:
    """For `<time datetime>` and date fields."""
    if value is None:
        return ""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def show_lines(text: str) -> Markup:
    """Typed lines as lines."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def show_duration(value: timedelta | None) -> str:
    """12 min, 3 h 5 min, 2 days 4 h: two units at most, the rest cut off."""
    if value is None:
        return ""
    minutes = max(value // timedelta(minutes=1), 0)
    days, hours = divmod(minutes // 60, 24)
    if days:
        parts = [f"{days}{SPACE}day{'' if days == 1 else 's'}", f"{hours}{SPACE}h" if hours else ""]
    else:
        rest = minutes % 60
        parts = [
            f"{hours}{SPACE}h" if hours else "",
            f"{rest}{SPACE}min" if rest or not hours else "",
        ]
    return " ".join(filter(None, parts))


def picture_url(sha256: str | None, width: int = 400) -> str:
    """The address of a kept picture in one of its widths; empty where there is none."""
    return url_for("pictures.show", sha256=sha256, width=width) if sha256 else ""


def picture_jpeg(sha256: str) -> str:
    """The public address of a kept picture as JPEG, for programs that know no WebP."""
    return public_url(url_for("pictures.show_jpeg", sha256=sha256, width=WIDTHS[-1]))


def picture_set(sha256: str | None) -> str:
    """The widths a browser may choose from, as `srcset` has them; empty where there is no picture."""
    if not sha256:
        return ""
    return ", ".join(f"{picture_url(sha256, width)} {width}w" for width in WIDTHS)


def show_words(value: object) -> str:
    """A status or kind as words: spa_manager becomes "spa manager"."""
    return str(value).replace("_", " ")


def _day_of(value: date) -> date:
    return today_in(current_company().time_zone, value) if isinstance(value, datetime) else value


FILTERS = {
    "money": show_money,
    "qty": show_quantity,
    "number": show_number,
    "amount": show_amount,
    "percent": show_percent,
    "date": show_date,
    "month": show_month,
    "time": show_moment,
    "reldate": show_relative,
    "paper_time": show_paper_time,
    "plain": show_plain,
    "iso": show_iso,
    "duration": show_duration,
    "lines": show_lines,
    "words": show_words,
    "picture_jpeg": picture_jpeg,
    "picture_url": picture_url,
    "picture_set": picture_set,
    "document_url": document_url,
}


def install_filters(app: Flask) -> None:
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.add_template_global(today, "today")
    app.add_template_global(words_for, "paper_words")
    app.add_template_global(figures, "paper_figures")
