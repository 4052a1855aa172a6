"""What the API offers, one module for each resource; `DOORS` is the whole list."""

from flask import Blueprint

from procurement.api.resources import lots, places, postings, stock, stocking_rules

DOORS: list[Blueprint] = [
    *(api.door for api in (places.sites, places.locations)),
    lots.api.door,
    postings.api.door,
    stock.api.door,
    stocking_rules.api.door,
]
