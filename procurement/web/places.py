"""The places of the back office's rail, in order; each appears once its endpoint exists and the person may go there."""

from dataclasses import dataclass

from procurement.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the rail; it is lit on the pages of its blueprints."""

    label: str
    endpoint: str
    icon: str
    blueprints: frozenset[str]
    permissions: tuple[Permission, ...] = ()


PLACES = (
    Place("Today", "today.show", "today", frozenset({"today"})),
    Place(
        "Rooms",
        "rooms.index",
        "rooms",
        frozenset(
            {
                "rooms",
                "board",
                "bottles",
                "decanting",
                "shelf_work",
                "lots",
                "lot_pages",
                "recalls",
                "sites",
                "counts",
                "counting",
                "count_report",
                "periods",
                "postings",
                "stock_card",
                "transfers",
                "arrivals",
                "top_up",
                "tools",
                "linen",
                "scan",
                "labels",
            }
        ),
        (Permission.SEE_STOCK,),
    ),
    Place(
        "Needs & orders",
        "needs.index",
        "orders",
        frozenset({"needs", "purchase_orders", "goods_receipts", "suppliers"}),
        (Permission.SEE_PURCHASING,),
    ),
    Place(
        "Quotes & customers",
        "quotes.index",
        "quotes",
        frozenset({"quotes", "customers", "enquiries", "price_lists"}),
        (Permission.SEE_SALES,),
    ),
    Place(
        "Catalogue",
        "products.index",
        "catalogue",
        frozenset({"products", "families", "catalogue_import"}),
        (Permission.SEE_CATALOGUE,),
    ),
)
EXTRA = (
    Place(
        "Settings",
        "settings.show",
        "settings",
        frozenset({"settings", "taxes", "users", "outbox"}),
        (Permission.EDIT_SETTINGS, Permission.EDIT_USERS),
    ),
)
