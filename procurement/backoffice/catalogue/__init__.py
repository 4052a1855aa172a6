"""Catalogue: staff pages over products, packs and their lists."""

from flask import Blueprint

from procurement.backoffice.catalogue import imports

DOORS: list[Blueprint] = [imports.bp]
