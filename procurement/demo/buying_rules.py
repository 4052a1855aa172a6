"""Who approves the demo's orders, what they may cost, and which of them come again."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from procurement.demo.cast import Cast
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.purchasing.operations.approval_rules import NewApprovalRule, add_approval_rule
from procurement.purchasing.operations.blankets import AgreeBlanket, agree_blanket
from procurement.purchasing.operations.budgeting import SaveBudget, create_budget
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.standing import BeginStanding, begin_standing
from procurement.purchasing.operations.templating import save_template
from procurement.purchasing.queries.orders import OrderFilter, orders
from procurement.purchasing.terms import BudgetPeriod, Every, OrderStatus
from procurement.sourcing.queries import supplier_page

_MANAGERS = (Role.SPA_MANAGER, Role.ADMINISTRATOR)
_BUDGETS = (
    ("KINSALE", "Kinsale, everything", 500_000),
    ("NAFPLIO", "Nafplio, everything", 150_000),
)
_AGAIN = ("PAPERLEAF", "Paper for the rooms")
_TUESDAY = 1
_AGREED_WITH = "VERDELAND"
_RULES = ((50_000, 1, _MANAGERS), (2_000_000, 2, _MANAGERS))


def set_buying_rules(session: Session, cast: Cast, *, at: datetime) -> None:
    for above, approvals, roles in _RULES:
        rule = NewApprovalRule(above=Money(above, "EUR"), approvals=approvals, roles=roles)
        add_approval_rule(session, rule, actor=cast.administrator, at=at)


def set_budgets(session: Session, cast: Cast, *, at: datetime) -> None:
    """After three months of orders, so that their approval asked nobody for a budget."""
    owners = (cast.administrator, cast.manager)
    for (site, name, amount), owner in zip(_BUDGETS, owners, strict=True):
        assert owner.id is not None
        budget = SaveBudget(
            code=site,
            name=name,
            owner=owner.id,
            period=BudgetPeriod.QUARTER,
            amount=Money(amount, "EUR"),
            site=site,
        )
        create_budget(session, budget, actor=cast.administrator, at=at)


def order_again(session: Session, cast: Cast, *, at: datetime) -> None:
    """The latest order of paper comes again every four weeks."""
    supplier, name = _AGAIN
    received = OrderFilter(statuses=frozenset({OrderStatus.RECEIVED}), supplier=supplier)
    (order,) = orders(session, received, PageRequest(1)).items
    template = save_template(session, order.number, name, actor=cast.purchaser, at=at)
    session.flush()  # the standing order looks for it
    rhythm = BeginStanding(
        template=template.number, every=4, unit=Every.WEEKS, weekday=_TUESDAY, start=_tomorrow(at)
    )
    begin_standing(session, rhythm, actor=cast.purchaser, at=at)


def _tomorrow(at: datetime) -> date:
    return at.date() + timedelta(days=1)


def agree_on_prices(session: Session, cast: Cast, *, at: datetime) -> None:
    """What one supplier promised for its dearest item, at a tenth less, about to end."""
    page = supplier_page(session, _AGREED_WITH)
    item = max(
        (one for one in page.items if one.price_breaks and one.active),
        key=lambda one: (one.price_breaks[0].price.e4, one.product),
    )
    price = item.price_breaks[0].price
    line = NewOrderLine(
        product=item.product,
        pack=item.pack,
        packs=12 * item.multiple,
        unit_price=UnitPrice(price.e4 * 9 // 10, price.currency),
    )
    command = AgreeBlanket(
        supplier=_AGREED_WITH,
        name="Autumn and winter",
        valid_from=at.date() - timedelta(days=70),
        valid_until=at.date() + timedelta(days=20),
        lines=(line,),
    )
    agree_blanket(session, command, actor=cast.manager, at=at)
