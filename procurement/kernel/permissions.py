"""What may be done, and which role may do it. Operations ask for a permission, never for a role."""

from enum import StrEnum


class Permission(StrEnum):
    SEE_CATALOGUE = "see_catalogue"  # the staff side of it: suppliers, costs hidden
    EDIT_CATALOGUE = "edit_catalogue"
    SEE_STOCK = "see_stock"
    USE_STOCK = "use_stock"  # consume in a treatment
    MOVE_STOCK = "move_stock"  # transfer between locations
    WRITE_OFF_STOCK = "write_off_stock"  # damaged, spoilt, lost
    COUNT_STOCK = "count_stock"
    ADJUST_STOCK = "adjust_stock"  # opening, adjustment, reversal, approval of counts
    HOLD_LOTS = "hold_lots"  # quarantine, release, recall
    CLOSE_PERIODS = "close_periods"
    EDIT_LOCATIONS = "edit_locations"  # sites, locations, stocking rules
    SEE_PURCHASING = "see_purchasing"  # needs, suppliers, orders and their prices
    DRAFT_ORDERS = "draft_orders"
    APPROVE_ORDERS = "approve_orders"
    RECEIVE_GOODS = "receive_goods"
    RECORD_INVOICES = "record_invoices"  # and approve those that match
    APPROVE_INVOICES = "approve_invoices"  # in spite of a difference
    EDIT_SUPPLIERS = "edit_suppliers"
    SEE_SALES = "see_sales"  # every customer, enquiry and quote
    SELL = "sell"  # draft, issue and revise quotes, answer enquiries
    SHIP_GOODS = "ship_goods"  # pick, ship, take back what customers ordered; prices hidden
    EDIT_CUSTOMERS = "edit_customers"
    EDIT_PRICES = "edit_prices"
    SEE_MARGIN = "see_margin"
    APPROVE_QUOTES = "approve_quotes"  # of others, beyond the rules
    BUY = "buy"  # own prices, basket, own quotes: scoped to the actor's customer
    EDIT_SETTINGS = "edit_settings"
    EDIT_USERS = "edit_users"


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    SPA_MANAGER = "spa_manager"
    STOCK_KEEPER = "stock_keeper"
    THERAPIST = "therapist"
    SALES = "sales"
    PURCHASER = "purchaser"
    WHOLESALE_BUYER = "wholesale_buyer"


_P = Permission

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission) - {_P.BUY},
    Role.SPA_MANAGER: frozenset(
        {
            _P.SEE_CATALOGUE,
            _P.EDIT_CATALOGUE,
            _P.SEE_STOCK,
            _P.USE_STOCK,
            _P.MOVE_STOCK,
            _P.WRITE_OFF_STOCK,
            _P.COUNT_STOCK,
            _P.ADJUST_STOCK,
            _P.HOLD_LOTS,
            _P.CLOSE_PERIODS,
            _P.EDIT_LOCATIONS,
            _P.SEE_PURCHASING,
            _P.DRAFT_ORDERS,
            _P.APPROVE_ORDERS,
            _P.RECEIVE_GOODS,
            _P.RECORD_INVOICES,
            _P.APPROVE_INVOICES,
            _P.EDIT_SUPPLIERS,
            _P.SHIP_GOODS,
        }
    ),
    Role.STOCK_KEEPER: frozenset(
        {
            _P.SEE_CATALOGUE,
            _P.SEE_STOCK,
            _P.USE_STOCK,
            _P.MOVE_STOCK,
            _P.WRITE_OFF_STOCK,
            _P.COUNT_STOCK,
            _P.ADJUST_STOCK,
            _P.HOLD_LOTS,
            _P.SEE_PURCHASING,
            _P.RECEIVE_GOODS,
            _P.SHIP_GOODS,
        }
    ),
    Role.THERAPIST: frozenset(
        {
            _P.SEE_CATALOGUE,
            _P.SEE_STOCK,
            _P.USE_STOCK,
            _P.MOVE_STOCK,
            _P.WRITE_OFF_STOCK,
            _P.COUNT_STOCK,
        }
    ),
    Role.SALES: frozenset(
        {
            _P.SEE_CATALOGUE,
            _P.SEE_STOCK,
            _P.SEE_SALES,
            _P.SELL,
            _P.SHIP_GOODS,
            _P.EDIT_CUSTOMERS,
            _P.EDIT_PRICES,
            _P.SEE_MARGIN,
            _P.APPROVE_QUOTES,
        }
    ),
    Role.PURCHASER: frozenset(
        {
            _P.SEE_CATALOGUE,
            _P.EDIT_CATALOGUE,
            _P.SEE_STOCK,
            _P.SEE_PURCHASING,
            _P.DRAFT_ORDERS,
            _P.RECEIVE_GOODS,
            _P.RECORD_INVOICES,
            _P.EDIT_SUPPLIERS,
        }
    ),
    Role.WHOLESALE_BUYER: frozenset({_P.BUY}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    return frozenset().union(*(GRANTS[role] for role in roles))
