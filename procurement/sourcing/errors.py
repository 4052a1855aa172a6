"""What sourcing refuses."""

from procurement.kernel.errors import Conflict, NotFound, register_constraint


class SupplierExists(Conflict):
    """The code is taken."""


class SupplierUnknown(NotFound):
    """No supplier has this code."""


class CurrencyInUse(Conflict):
    """Prices are kept in the supplier's currency; it cannot change under them."""


class StalePrices(Conflict):
    """Our prices changed after a price file was compared with them."""


def register() -> None:
    """Give the constraints of this context their sentences."""
    register_constraint(
        "uq_supplier_code",
        lambda: SupplierExists("There is a supplier with this code.", field="code"),
    )
    register_constraint(
        "uq_certificate_replaces_id",
        lambda: Conflict("That certificate has a later version already; look at it first."),
    )
    register_constraint(
        "uq_supplier_item_supplier_id_product_id_pack_id",
        lambda: Conflict("The supplier sells this pack already.", field="pack"),
    )


register()
