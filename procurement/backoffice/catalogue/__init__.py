"""Catalogue: staff pages over products, packs and their lists."""

from flask import Blueprint

from procurement.backoffice.catalogue import (
    editing,  # noqa: F401 (its pages hang on the door of products)
    families,
    imports,
    ingredients,
    products,
    synonyms,
)

DOORS: list[Blueprint] = [
    products.bp,
    families.bp,
    imports.bp,
    ingredients.bp,
    ingredients.table_bp,
    synonyms.bp,
]
