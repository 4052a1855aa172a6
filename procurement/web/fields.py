"""Fields that turn typed text into exact values: bounded, clean text; whole steps and minor units, never a float."""

import re
import unicodedata
from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from babel.numbers import get_decimal_symbol
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs
from wtforms.validators import StopValidation
from wtforms.widgets import (
    CheckboxInput,
    DateInput,
    EmailInput,
    FileInput,
    ListWidget,
    PasswordInput,
    TextArea,
    TextInput,
)

from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice
from procurement.kernel.quantity import Quantity, Unit, parse_decimal
from procurement.kernel.text import has_noncharacter
from procurement.web.filters import current_locale, show_plain

SHORT = 200
LONG = 10_000
LONGEST_NUMBER = 40
T = TypeVar("T")

TickField = BooleanField


class Filled:
    """Something must be typed; blanks are nothing."""

    field_flags = {"required": True}  # noqa: RUF012 (WTForms' own declaration)

    def __call__(self, form: Any, field: Any) -> None:
        if not _typed(field):
            field.errors = []
            raise StopValidation("Fill this in.")


class MayBeEmpty:
    """Nothing typed is a valid answer: the value is None or empty text."""

    field_flags = {"optional": True}  # noqa: RUF012 (WTForms' own declaration)

    def __call__(self, form: Any, field: Any) -> None:
        if not _typed(field):
            field.errors = []
            raise StopValidation


def _typed(field: Any) -> bool:
    raw = field.raw_data or [""]
    return bool(raw[0].strip() if isinstance(raw[0], str) else raw[0])


def clean_text(text: str, *, most: int, multiline: bool = False) -> str:
    """Text fit to be stored: NFC, no NUL, no half characters, no control marks, not too long."""
    if any(unicodedata.category(mark) == "Cs" for mark in text):
        raise ValueError("This contains half a character; type it again.")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    allowed = "\n\t" if multiline else "\t"
    if any(unicodedata.category(mark) == "Cc" and mark not in allowed for mark in text):
        raise ValueError("This contains marks that cannot be printed.")
    if has_noncharacter(text):
        raise ValueError("This contains a code that stands for no character; type it again.")
    text = text.strip()
    if len(text) > most:
        raise ValueError(f"At most {most:,} characters, please; these are {len(text):,}.")
    return text


class _Typed(Field):
    """A field of one typed value; what was typed is shown again when it cannot be used."""

    widget: Any = TextInput()

    def __init__(self, label: str, *, required: bool = True, **options: Any) -> None:
        validators = [Filled() if required else MayBeEmpty(), *options.pop("validators", [])]
        super().__init__(label, validators, **options)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.shown(self.data)

    def shown(self, value: Any) -> str:
        return str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and isinstance(valuelist[0], str) and valuelist[0].strip():
            self.data = self.parsed(valuelist[0])

    @abstractmethod
    def parsed(self, text: str) -> Any:
        """The exact value of what was typed; ValueError with a sentence for people."""


class TextField(_Typed):
    """One line of text; empty text where nothing was typed."""

    def __init__(self, label: str, *, most: int = SHORT, **options: Any) -> None:
        super().__init__(label, **options)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = self.data or ""

    def parsed(self, text: str) -> Any:
        return clean_text(text, most=self.most)


class ProseField(TextField):
    """Several lines of text."""

    widget: Any = TextArea()

    def __init__(self, label: str, *, most: int = LONG, **options: Any) -> None:
        super().__init__(label, most=most, **options)

    def parsed(self, text: str) -> str:
        return clean_text(text, most=self.most, multiline=True)


class CodeField(TextField):
    """A code people type: letters, figures and - . _ / only."""

    def __init__(self, label: str, *, most: int = 64, **options: Any) -> None:
        super().__init__(label, most=most, **options)

    def parsed(self, text: str) -> str:
        code = clean_text(text, most=self.most)
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*", code):
            raise ValueError("A code is made of letters, figures and - . _ / only.")
        return code


class EmailField(TextField):
    widget = EmailInput()

    def __init__(self, label: str, *, most: int = 254, **options: Any) -> None:
        super().__init__(label, most=most, **options)

    def parsed(self, text: str) -> str:
        address = clean_text(text, most=self.most)
        if not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+", address):
            raise ValueError("That is not a mail address, such as ana@example.com.")
        return address


class SecretField(_Typed):
    """A password: taken as typed, never shown again."""

    widget = PasswordInput(hide_value=True)

    def parsed(self, text: str) -> str:
        if len(text) > SHORT:
            raise ValueError(f"At most {SHORT} characters, please.")
        return text


class WholeNumberField(_Typed):
    def __init__(
        self, label: str, *, least: int = 0, most: int = 1_000_000, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.least, self.most = least, most
        self.render_kw = {"inputmode": "numeric"} | (self.render_kw or {})

    def parsed(self, text: str) -> int:
        typed = text.strip()
        if not re.fullmatch(r"-?[0-9]{1,15}", typed):
            raise ValueError("A whole number, please, in figures.")
        if not self.least <= int(typed) <= self.most:
            raise ValueError(f"A number from {self.least:,} to {self.most:,}, please.")
        return int(typed)


class _Figure(_Typed):
    """A decimal figure with the company's decimal sign; thousands are not grouped when typing."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.render_kw = {"inputmode": "decimal"} | (self.render_kw or {})

    def shown(self, value: Any) -> str:
        return shown_figure(show_plain(value))

    def parsed(self, text: str) -> Any:
        return self.exact(plain_figure(text))

    @abstractmethod
    def exact(self, figure: str) -> Any:
        """The value of plain figures with a full stop; ValueError with a sentence for people."""


def shown_figure(plain: str) -> str:
    """Plain figures as they are typed here: 12.5 becomes 12,5 where the company writes a comma."""
    return plain.replace(".", get_decimal_symbol(current_locale()))


def plain_figure(text: str) -> str:
    """Typed figures with a full stop: 12,5 becomes 12.5 where the company writes a comma."""
    typed = text.strip()
    if len(typed) > LONGEST_NUMBER:
        raise ValueError("That number is too long.")
    sign = get_decimal_symbol(current_locale())
    other = {",": ".", ".": ","}.get(sign)
    if other and other in typed:
        raise ValueError(f"Write the decimals after “{sign}” and leave thousands ungrouped.")
    return typed.replace(sign, ".")


class DecimalField(_Figure):
    def __init__(
        self,
        label: str,
        *,
        least: Decimal | None = None,
        most: Decimal = Decimal(10**9),
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.least, self.most = least, most

    def exact(self, figure: str) -> Decimal:
        number = parse_decimal(figure)
        if (self.least is not None and number < self.least) or number > self.most:
            raise ValueError("That number is out of range.")
        return number


class QuantityField(_Figure):
    """A quantity in `unit`, or in the unit typed behind the figure ("1.5 l"). The view may set `field.unit`."""

    def __init__(
        self, label: str, *, unit: Unit = Unit.PIECE, zero: bool = False, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.unit = unit
        self.zero = zero

    def exact(self, figure: str) -> Quantity:
        quantity = typed_quantity(figure, self.unit)
        if quantity.unit is not self.unit:
            raise ValueError(f"This is counted in {self.unit}.")
        if quantity.steps < 0 or (quantity.steps == 0 and not self.zero):
            raise ValueError("The quantity must be more than nothing.")
        return quantity


def typed_quantity(figure: str, unit: Unit) -> Quantity:
    """Plain figures in `unit`, or in the unit typed behind them; ValueError with a sentence for people."""
    found = re.fullmatch(r"(\S+)\s+([a-z]+)|(-?[0-9.]+)([a-z]+)", figure)
    amount, said = (found[1] or found[3], found[2] or found[4]) if found else (figure, unit)
    return Quantity.parse(amount, said)


class _OfCurrency(_Figure):
    """A figure in `currency`; the view may set `field.currency`, and what was typed is read in that one."""

    def __init__(self, label: str, *, currency: str = "EUR", **options: Any) -> None:
        self._currency = currency
        super().__init__(label, **options)

    @property
    def currency(self) -> str:
        return self._currency

    @currency.setter
    def currency(self, code: str) -> None:
        if code == self._currency:
            return
        self._currency = code
        if (
            self.raw_data
        ):  # it was read before the currency was known: yen have no decimals, dinars three
            self.process_errors = []
            try:
                self.process_formdata(self.raw_data)
            except ValueError as error:
                self.process_errors.append(str(error))


class MoneyField(_OfCurrency):
    """An amount, not below nothing."""

    def exact(self, figure: str) -> Money:
        money = Money.parse(figure, self.currency)
        if money.minor < 0:
            raise ValueError("An amount here is not negative.")
        return money


class PriceField(_OfCurrency):
    """The price of one pack, up to four places."""

    def exact(self, figure: str) -> UnitPrice:
        return UnitPrice.parse(figure, self.currency)


class PercentField(_Figure):
    def __init__(self, label: str, *, least: int = 0, most: int = 100, **options: Any) -> None:
        super().__init__(label, **options)
        self.least, self.most = least, most

    def exact(self, figure: str) -> Rate:
        return Rate.parse(figure.removesuffix("%").strip(), least=self.least, most=self.most)


class TaxRateField(_Figure):
    """A tax in percent, up to four places."""

    def exact(self, figure: str) -> TaxRate:
        return TaxRate.parse(figure.removesuffix("%").strip())


class DateField(_Typed):
    """A day as the browser's date control sends it, or typed 2026-11-27."""

    widget = DateInput()

    def shown(self, value: date) -> str:
        return value.isoformat()

    def parsed(self, text: str) -> date:
        typed = text.strip()
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
            raise ValueError("Write the day as 2026-11-27.")
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            raise ValueError("There is no such day.") from None
        if not 1990 <= day.year <= 2199:
            raise ValueError("That year is out of range.")
        return day


class ChoiceField(SelectField):
    """One of the choices the view passes in: `form.site.choices = [(code, name), ...]`; the value is text."""

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[str, str]] = (),
        *,
        required: bool = True,
        **options: Any,
    ) -> None:
        validators = [Filled() if required else MayBeEmpty()]
        offered = [SelectChoice(value, name) for value, name in choices]
        super().__init__(label, validators, choices=offered, **options)

    def process_data(self, value: object) -> None:
        # An enumeration's member is its value; None chooses nothing instead of "None".
        self.data = "" if value is None else str(value)


class UploadField(Field):
    """A file; its bytes are read once and bounded."""

    widget = FileInput()

    def __init__(
        self, label: str, *, most_bytes: int, required: bool = True, **options: Any
    ) -> None:
        super().__init__(label, [Filled() if required else MayBeEmpty()], **options)
        self.most_bytes = most_bytes
        self.file_name = ""

    def _value(self) -> bool:
        return False

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        files = [file for file in valuelist if isinstance(file, FileStorage) and file.filename]
        self.raw_data = files
        if not files:
            return
        content = files[0].stream.read(self.most_bytes + 1)
        if not content:
            raise ValueError("That file is empty.")
        if len(content) > self.most_bytes:
            raise ValueError(f"At most {self.most_bytes // (1024 * 1024)} MB, please.")
        self.file_name = clean_file_name(files[0].filename or "")
        self.data = content


class UploadsField(Field):
    """Several files, perhaps none; the value is a list of (bytes, name), each read once and bounded."""

    widget = FileInput(multiple=True)

    def __init__(self, label: str, *, most_bytes: int, **options: Any) -> None:
        super().__init__(label, [MayBeEmpty()], **options)
        self.most_bytes = most_bytes

    def _value(self) -> bool:
        return False

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = []
        for file in valuelist:
            if not isinstance(file, FileStorage) or not file.filename:
                continue
            name = clean_file_name(file.filename)
            content = file.stream.read(self.most_bytes + 1)
            if not content:
                raise ValueError(f"{name} is empty.")
            if len(content) > self.most_bytes:
                most = self.most_bytes // (1024 * 1024)
                raise ValueError(f"{name}: at most {most} MB, please.")
            self.data.append((content, name))


def clean_file_name(name: str) -> str:
    """The last part of a path, without marks that mean something to a shell or a header."""
    last = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode()).replace("\\", "/")
    kept = "".join(m for m in last.rpartition("/")[2] if unicodedata.category(m)[0] != "C")
    return kept.replace('"', "'").strip(" .")[-120:] or "file"


class ManyField(SelectMultipleField):
    """Any of the choices, as tick boxes; the value is a list of texts."""

    widget: Any = ListWidget(prefix_label=False)
    option_widget: Any = CheckboxInput()

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[str, str]] = (),
        *,
        required: bool = True,
        **options: Any,
    ) -> None:
        offered = [SelectChoice(value, name) for value, name in choices]
        validators = [Filled() if required else MayBeEmpty()]
        super().__init__(label, validators, choices=offered, **options)
