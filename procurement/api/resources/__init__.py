"""What the API offers, one module for each resource; `DOORS` is the whole list."""

from flask import Blueprint

from procurement.api.resources import (
    containers,
    customers,
    enquiries,
    goods_receipts,
    lots,
    needs,
    packs,
    places,
    postings,
    price_lists,
    products,
    purchase_orders,
    quotes,
    scans,
    stock,
    stocking_rules,
    suppliers,
    transfers,
    write_offs,
)

DOORS: list[Blueprint] = [
    places.sites.door,
    places.locations.door,
    products.api.door,
    packs.api.door,
    lots.api.door,
    stock.api.door,
    postings.api.door,
    containers.api.door,
    write_offs.api.door,
    scans.api.door,
    transfers.api.door,
    stocking_rules.api.door,
    needs.api.door,
    suppliers.api.door,
    suppliers.items.door,
    purchase_orders.api.door,
    goods_receipts.api.door,
    customers.api.door,
    price_lists.api.door,
    enquiries.api.door,
    quotes.api.door,
]
