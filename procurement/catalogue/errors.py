"""What the catalogue refuses."""

from procurement.kernel.errors import Conflict, NotFound, register_constraint


class ProductExists(Conflict):
    """The SKU is taken."""


class PackExists(Conflict):
    """The product has a pack of that code."""


class GtinTaken(Conflict):
    """A barcode names one pack."""


class ProductUnknown(NotFound):
    """No product has this SKU."""


def register() -> None:
    """Give the constraints of this context their sentences."""
    register_constraint(
        "uq_product_sku", lambda: ProductExists("There is a product with this SKU.", field="sku")
    )
    register_constraint(
        "uq_pack_product_id_code",
        lambda: PackExists("The product has a pack with this code.", field="code"),
    )
    register_constraint(
        "uq_pack_gtin", lambda: GtinTaken("Another pack has this barcode.", field="gtin")
    )
    register_constraint(
        "uq_pack_one_sales_pack",
        lambda: Conflict("The product has a sales pack already.", field="is_sales_pack"),
    )
    register_constraint(
        "uq_family_code", lambda: Conflict("There is a family with this code.", field="family")
    )


register()
