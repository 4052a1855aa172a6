"""Counting at the shelf: the page that becomes an application on a phone, and the same line by line without scripts."""

import uuid
from decimal import Decimal

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from procurement.kernel.clock import utc_now
from procurement.kernel.db import MAX_STEPS
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity, parse_decimal
from procurement.stock.errors import CountRunning
from procurement.stock.operations.counting.closing import submit_count
from procurement.stock.operations.counting.entering import (
    EnterCounted,
    Entered,
    Entry,
    Outcome,
    enter_counted,
)
from procurement.stock.operations.counting.starting import StartCount, start_count
from procurement.stock.queries.counting.counts import CountRow, active_counts, count_of
from procurement.stock.queries.counting.review import CountLine, count_lines
from procurement.stock.queries.counting.sheets import CountableProduct, countable_products
from procurement.stock.terms import How
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, DateField, TextField, plain_figure
from procurement.web.forms import BaseForm, redirect_with_flash, render_form, render_page
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = Door("counting", __name__, audience=Audience.STAFF, permission=Permission.COUNT_STOCK)

LINES_SHOWN = 100
_UNIT = "unit"  # counted in ml, g or pieces, not in packs


@bp.get("/count/")
def index() -> str:
    """Where the installed application begins."""
    with read() as session:
        running = active_counts(session)
    return render_template("offline/count_begin.html", counts=running)


@bp.get("/count/<number>")
def show(number: str) -> str:
    """One count. With scripts the application takes over; without, its lines are a step away."""
    with read() as session:
        count = count_of(session, number)
    return render_template("offline/count_online.html", count=count)


@bp.get("/count/<number>/lines")
def lines(number: str) -> Response:
    """The sheet for a browser without scripts: each line leads to its form; `product` finds something else."""
    words = request.args.get("product", "").casefold().split()
    start = max(0, request.args.get("after", 0, int))
    with read() as session:
        count = count_of(session, number)
        sheet = count_lines(session, count)
        fitting = _fitting(countable_products(session, count.place), words) if words else []
    if len(fitting) == 1:
        return redirect(url_for(".found", number=number, sku=fitting[0].sku), 303)
    return render_page(
        "backoffice/stock/count_lines.html",
        count=count,
        lines=sheet[start : start + LINES_SHOWN],
        more=start + LINES_SHOWN if len(sheet) > start + LINES_SHOWN else None,
        words=request.args.get("product", ""),
        fitting=fitting[:LINES_SHOWN],
    )


def _fitting(products: list[CountableProduct], words: list[str]) -> list[CountableProduct]:
    """By SKU, or all whose name and SKU hold the words."""
    exact = [product for product in products if [product.sku.casefold()] == words]
    names = [(product, f"{product.name} {product.sku}".casefold()) for product in products]
    return exact or [product for product, name in names if all(word in name for word in words)]


@bp.post("/rooms/<code>/count")
def begin(code: str) -> Response:
    """From the room's page; a count that is going on there already is joined."""
    blind = not request.form.get("told")
    try:
        with write() as session:
            command = StartCount(code, blind)
            number = start_count(session, command, actor=current_actor(), at=utc_now()).number
    except CountRunning:
        with read() as session:
            running = active_counts(session, location=code)
        if not running:
            raise
        number = running[0].number
    return redirect(url_for(".show", number=number), 303)


@bp.post("/count/<number>/hand-in")
def hand_in(number: str) -> Response:
    with write() as session:
        submit_count(session, number, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".lines", number=number), "Handed in. Thank you.")


class CountedForm(BaseForm):
    entry = HiddenField()  # the id of what will be stored: sent twice, it is stored once
    seen = HiddenField()  # the entries that stood on the page, which this one corrects
    amount = TextField("How much is there", most=40)
    measure = ChoiceField("Counted in")
    supplier_lot = TextField("Lot on the label", required=False, most=64)
    expires_on = DateField("Use by", required=False)

    def offer(self, product: CountableProduct) -> None:
        packs = sorted(product.packs, key=lambda pack: not pack.is_sales_pack)
        self.measure.choices = [(pack.code, pack.name) for pack in packs]
        self.measure.choices.append((_UNIT, product.unit.value))

    def quantity(self, product: CountableProduct) -> Quantity:
        """Exactly what was typed; Invalid naming the field."""
        sizes = {pack.code: pack.size.steps for pack in product.packs}
        each = sizes.get(self.measure.data, product.unit.steps)
        try:
            exact = parse_decimal(plain_figure(self.amount.data)) * each
        except ValueError as error:
            raise Invalid(str(error), field="amount") from error
        if exact != exact.to_integral_value() or not Decimal(0) <= exact <= MAX_STEPS:
            raise Invalid("Count in the unit to be so exact.", field="amount")
        return Quantity(int(exact), product.unit)

    def to_entry(self, product: CountableProduct, line: CountLine | None) -> Entry:
        return Entry(
            uid=str(uuid.UUID(self.entry.data)),
            product=product.sku,
            quantity=self.quantity(product),
            counted_at=utc_now(),
            lot=line.lot if line else None,
            supplier_lot=(line.supplier_lot if line else self.supplier_lot.data) or None,
            expires_on=line.expires_on if line else self.expires_on.data,
            how=How.TYPED,
            again=bool(line and line.entries),
            supersedes=tuple(str(uuid.UUID(one)) for one in (self.seen.data or "").split()),
        )


@bp.route("/count/<number>/line/<int:position>", methods=["GET", "POST"])
def line(number: str, position: int) -> Response:
    """One line of the sheet."""
    with read() as session:
        count = count_of(session, number)
        found = next((x for x in count_lines(session, count) if x.position == position), None)
        product = _product(countable_products(session, count.place), found.product if found else "")
    if found is None:
        raise NotFound(f"{number} has no line {position}.")
    return _counted(count, product, found)


@bp.route("/count/<number>/found/<path:sku>", methods=["GET", "POST"])
def found(number: str, sku: str) -> Response:
    with read() as session:
        count = count_of(session, number)
        products = countable_products(session, count.place)
    return _counted(count, _product(products, sku), None)


def _product(products: list[CountableProduct], sku: str) -> CountableProduct:
    for product in products:
        if product.sku == sku.strip().upper():
            return product
    raise NotFound(f"There is no product {sku} to be counted.")


def _counted(count: CountRow, product: CountableProduct, line: CountLine | None) -> Response:
    seen = line.entries if line else ()
    form = CountedForm(
        formdata=request.form if request.method == "POST" else None,
        data={"entry": str(uuid.uuid4()), "seen": " ".join(entry.uid for entry in seen)},
    )
    form.offer(product)
    if request.method == "POST" and form.validate():
        try:
            done = _enter(count.number, form.to_entry(product, line))
        except DomainError as error:
            form.blame(error)
        except ValueError:
            form.form_errors.append("Open this page again, and count once more.")
        else:
            text = f"{product.name}: {form.amount.data} counted."
            if done.outcome is Outcome.LATE:
                text = "The count was closed meanwhile; a manager can see what you counted."
            return redirect_with_flash(url_for(".lines", number=count.number), text)
    return render_form(
        "backoffice/stock/count_line.html", form, count=count, product=product, line=line
    )


def _enter(number: str, entry: Entry) -> Entered:
    with write() as session:
        done = enter_counted(
            session, EnterCounted(number, (entry,)), actor=current_actor(), at=utc_now()
        )[0]
    if done.fault:
        raise Invalid(done.fault.message, field=done.fault.field)
    return done
