"""The doors of sales; several files hang their views on the quotes'."""

from procurement.kernel.permissions import Permission
from procurement.web.doors import Audience, Door

quotes_door = Door("quotes", __name__, audience=Audience.STAFF, url_prefix="/quotes")
batches_door = Door("quote_batches", __name__, audience=Audience.STAFF, url_prefix="/quote-batches")
enquiries_door = Door("enquiries", __name__, audience=Audience.STAFF, url_prefix="/enquiries")
outcomes_door = Door(
    "outcomes",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.SEE_SALES,
    url_prefix="/win-and-loss",
)
customers_door = Door("customers", __name__, audience=Audience.STAFF, url_prefix="/customers")
price_lists_door = Door("price_lists", __name__, audience=Audience.STAFF, url_prefix="/price-lists")
price_rules_door = Door("price_rules", __name__, audience=Audience.STAFF, url_prefix="/price-rules")
groups_door = Door(
    "customer_groups", __name__, audience=Audience.STAFF, url_prefix="/customer-groups"
)
price_check_door = Door(
    "price_check",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.SEE_SALES,
    url_prefix="/prices",
)
sales_orders_door = Door(
    "sales_orders", __name__, audience=Audience.STAFF, url_prefix="/sales-orders"
)
sales_backorders_door = Door(
    "sales_backorders", __name__, audience=Audience.STAFF, url_prefix="/customer-backorders"
)
shipments_door = Door("shipments", __name__, audience=Audience.STAFF, url_prefix="/shipments")
customer_returns_door = Door(
    "customer_returns", __name__, audience=Audience.STAFF, url_prefix="/customer-returns"
)
invoice_exports_door = Door(
    "invoice_exports", __name__, audience=Audience.STAFF, url_prefix="/invoice-exports"
)
applications_door = Door(
    "trade_applications",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.SEE_SALES,
    url_prefix="/trade-applications",
)
