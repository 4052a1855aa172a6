"""What forms take, refuse and say."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import FormField

from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.quantity import Quantity, Unit
from procurement.web import fields
from procurement.web.forms import BaseForm, LineForm, LineList


class ALine(LineForm):
    sku = fields.CodeField("Product")
    packs = fields.WholeNumberField("Packs", least=1)


class AnOrder(BaseForm):
    name = fields.TextField("Name", most=20)
    note = fields.ProseField("Note", required=False)
    amount = fields.QuantityField("Amount", unit=Unit.ML, required=False)
    price = fields.PriceField("Price", required=False)
    total = fields.MoneyField("Total", required=False)
    discount = fields.PercentField("Discount", required=False)
    on = fields.DateField("On", required=False)
    mail = fields.EmailField("Mail", required=False)
    kind = fields.ChoiceField("Kind", [("a", "A"), ("b", "B")], required=False)
    lines = LineList(FormField(ALine))


GOOD = {"name": "Ana", "lines-0-sku": "OIL-1", "lines-0-packs": "2"}


@pytest.fixture
def database() -> str:
    return "sqlite"


def sent(app: Flask, **changes: object) -> AnOrder:
    data = MultiDict({**GOOD, **changes})
    with app.test_request_context("/", method="POST", data=data):
        form = AnOrder.from_request()
        form.validate()
        return form


def test_values_are_exact(app):
    form = sent(
        app, amount="1.5 l", price="31.205", total="12.50", discount="12.5", on="2026-11-27"
    )
    assert form.errors == {}
    assert form.amount.data == Quantity(1_500_000, Unit.ML)
    assert form.price.data.e4 == 312_050
    assert form.total.data.minor == 1250
    assert form.discount.data.basis_points == 1250
    assert form.on.data == date(2026, 11, 27)
    assert [(line.sku.data, line.packs.data) for line in form.lines] == [("OIL-1", 2)]


BAD_NUMBERS = ["NaN", "Infinity", "-1", "1e400", "1_000", "\u0661\u0662", "12,5", "0x1f", "1.2.3"]
BAD_NUMBERS += ["9" * 60, "--1", "\uff11\uff12", "1\N{NO-BREAK SPACE}000", "½"]


@pytest.mark.parametrize("text", BAD_NUMBERS)
@pytest.mark.parametrize("name", ["amount", "price", "total", "discount"])
def test_a_figure_that_is_no_plain_number_is_refused_at_its_field(app, name, text):
    form = sent(app, **{name: text})
    assert list(form.errors) == [name]
    assert form[name]._value() == text, "what was typed is shown again"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 21),
        ("name", "a\x00b"),
        ("name", "a\x1bb"),
        ("amount", "5 g"),
        ("amount", "0"),
        ("amount", "0.0001"),
        ("price", "1.00001"),
        ("total", "1.001"),
        ("discount", "101"),
        ("on", "2026-02-30"),
        ("on", "27.11.2026"),
        ("on", "0001-01-01"),
        ("mail", "ana"),
        ("mail", "ana@example.com, bo@example.com"),
        ("kind", "c"),
    ],
)
def test_a_bad_value_is_refused_at_its_field(app, name, text):
    assert list(sent(app, **{name: text}).errors) == [name]


def test_text_is_kept_in_one_spelling(app):
    assert sent(app, name="Ame\u0301lie ").name.data == "Am\u00e9lie"


def test_half_a_character_is_refused():
    with pytest.raises(ValueError, match="half a character"):
        fields.clean_text("a\ud800", most=20)


@pytest.mark.parametrize("code", [0xFDD0, 0xFFFE, 0xFFFF, 0x10FFFE])
def test_a_code_point_that_is_no_character_is_refused(code):
    with pytest.raises(ValueError, match="no character"):
        fields.clean_text(f"Oil {chr(code)}", most=20)


def test_a_comma_is_the_decimal_sign_where_the_company_writes_one(app, monkeypatch):
    monkeypatch.setattr("procurement.web.fields.current_locale", lambda: "de_DE")
    form = sent(app, amount="12,5", price="9.90")
    assert form.amount.data == Quantity(12_500, Unit.ML)
    assert list(form.errors) == ["price"]


def test_rows_left_blank_are_dropped_and_the_others_keep_their_order(app):
    form = sent(
        app,
        **{"lines-3-sku": "B", "lines-3-packs": "1", "lines-1-sku": "", "lines-1-packs": " "},
    )
    assert [line.sku.data for line in form.lines] == ["OIL-1", "B"]


def test_no_line_at_all_is_said_above_the_form(app):
    form = sent(app, **{"lines-0-sku": "", "lines-0-packs": ""})
    assert form.form_errors == ["Add at least one line."]


def test_too_many_lines_are_refused_instead_of_cut_off(app):
    rows = {f"lines-{n}-sku": "A" for n in range(501)}
    form = sent(app, **rows)
    assert any("At most 500" in message for message in form.form_errors)


@pytest.mark.parametrize("row", ["\u00b2", "99999999999999", "-1", "x"])
def test_a_strange_row_number_is_no_row(app, row):
    assert len(sent(app, **{f"lines-{row}-sku": "A"}).lines) == 1


def test_blame_finds_the_field_of_a_row(app):
    form = sent(app)
    form.blame(Conflict("Only 3 left.", field="lines.0.packs"))
    assert form.lines[0].packs.errors == ["Only 3 left."]
    assert form.errors["lines"][0]["packs"] == ["Only 3 left."]


def test_blame_without_a_field_of_ours_stands_above_the_form(app):
    form = sent(app)
    form.blame(Conflict("Closed."))
    form.blame(Invalid.of([FieldError("lines.7.packs", "Gone."), FieldError("name", "No.")]))
    assert form.form_errors == ["Closed.", "Gone."]
    assert form.name.errors == ["No."]


def test_numbers_have_bounds(app):
    assert fields.DecimalField  # used by rates
    with app.test_request_context("/"):
        assert fields.plain_figure(" 12.5 ") == "12.5"
        assert Decimal(fields.plain_figure("0")) == 0


@pytest.mark.parametrize(
    ("currency", "typed", "minor", "says"),
    [
        ("JPY", "1200", 1200, ""),
        ("JPY", "1200.50", None, "JPY has 0 decimal places"),
        ("KWD", "1.125", 1125, ""),
        ("EUR", "1.125", None, "EUR has 2 decimal places"),
    ],
)
def test_an_amount_is_read_in_the_currency_the_view_says_later(app, currency, typed, minor, says):
    form = sent(app, total=typed)
    with app.test_request_context("/"):
        form.total.currency = currency
        form.validate()
    assert (form.total.data.minor if form.total.data else None) == minor
    assert says in " ".join(map(str, form.total.errors))
