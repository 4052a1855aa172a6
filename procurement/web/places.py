"""The places of the back office's rail, in order; each appears once its endpoint exists and the person may go there."""

from dataclasses import dataclass

from procurement.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Section:
    """A page list inside a place; it is lit on the pages of its blueprints."""

    label: str
    endpoint: str
    blueprints: frozenset[str]
    permission: Permission | None = None  # beside the place's
    group: str = ""  # what it and those after it have in common, where the rail says so


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the rail; it is lit on the pages of its blueprints and of its sections."""

    label: str
    endpoint: str
    icon: str
    blueprints: frozenset[str]
    permissions: tuple[Permission, ...] = ()
    sections: tuple[Section, ...] = ()

    def holds(self, blueprint: str) -> bool:
        return blueprint in self.blueprints or any(
            blueprint in section.blueprints for section in self.sections
        )


ROOMS = (
    Section("All rooms", "rooms.index", frozenset({"rooms", "shelf_work"}), group="On the shelf"),
    Section("Open bottles", "board.index", frozenset({"board", "bottles", "decanting"})),
    Section("All stock", "lots.index", frozenset({"lots", "lot_pages", "stock_card", "postings"})),
    Section("Transfers", "transfers.index", frozenset({"transfers", "arrivals"}), group="Moving"),
    Section("Top-up run", "top_up.index", frozenset({"top_up"})),
    Section("Orders to ship", "shipments.to_ship", frozenset({"shipments"}), Permission.SHIP_GOODS),
    Section(
        "Counts",
        "counts.index",
        frozenset({"counts", "counting", "count_report", "periods"}),
        group="Checking",
    ),
    Section("Recalls", "recalls.index", frozenset({"recalls"})),
    Section("Tools", "tools.index", frozenset({"tools"}), group="Things and places"),
    Section("Linen", "linen.index", frozenset({"linen"})),
    Section("Sites", "sites.index", frozenset({"sites"})),
)
BUYING = (
    Section(
        "Needs", "needs.index", frozenset({"needs", "need_figures", "measuring"}), group="Buying"
    ),
    Section("Plans", "plans.index", frozenset({"plans"})),
    Section("Orders", "purchase_orders.index", frozenset({"purchase_orders", "order_exchange"})),
    Section("Quotations", "quotation_requests.index", frozenset({"quotation_requests"})),
    Section("Blanket orders", "blankets.index", frozenset({"blankets"})),
    Section(
        "Receipts",
        "goods_receipts.index",
        frozenset({"goods_receipts", "delivery_rules"}),
        group="Delivered",
    ),
    Section("Backorders", "backorders.index", frozenset({"backorders"})),
    Section("Claims", "claims.index", frozenset({"claims"})),
    Section("Returns", "supplier_returns.index", frozenset({"supplier_returns"})),
    Section("Supplier invoices", "supplier_invoices.index", frozenset({"supplier_invoices"})),
    Section(
        "Suppliers", "suppliers.index", frozenset({"suppliers", "scorecards"}), group="Suppliers"
    ),
    Section("Price files", "price_files.index", frozenset({"price_files"})),
    Section("Certificates", "certificates.index", frozenset({"certificates"})),
    Section("Templates", "templates.index", frozenset({"templates"}), group="Set up"),
    Section("Budgets", "budgets.index", frozenset({"budgets"})),
)
PLACES = (
    Place("Today", "today.show", "today", frozenset({"today"})),
    Place(
        "Rooms",
        "rooms.index",
        "rooms",
        frozenset({"scan", "labels"}),
        (Permission.SEE_STOCK,),
        ROOMS,
    ),
    Place(
        "Needs & orders",
        "needs.index",
        "orders",
        frozenset(),
        (Permission.SEE_PURCHASING,),
        BUYING,
    ),
    Place(
        "Quotes & customers",
        "quotes.index",
        "quotes",
        frozenset(
            {
                "quotes",
                "quote_batches",
                "customers",
                "customer_groups",
                "trade_applications",
                "enquiries",
                "sales_orders",
                "sales_backorders",
                "customer_returns",
                "invoice_exports",
                "price_lists",
                "outcomes",
                "price_rules",
                "price_check",
                "insight",
            }
        ),
        (Permission.SEE_SALES,),
    ),
    Place(
        "Catalogue",
        "products.index",
        "catalogue",
        frozenset(
            {"products", "families", "ingredients", "allergens", "catalogue_import", "synonyms"}
        ),
        (Permission.SEE_CATALOGUE,),
    ),
)
EXTRA = (
    Place(
        "Settings",
        "settings.show",
        "settings",
        frozenset(
            {
                "settings",
                "papers",
                "taxes",
                "approval_rules",
                "cost_centres",
                "quote_rules",
                "shop_window",
                "shop_terms",
                "safety_rules",
                "users",
                "outbox",
            }
        ),
        (Permission.EDIT_SETTINGS, Permission.EDIT_USERS),
    ),
)
