"""What stands in the gaps of addresses, so that every address that is not the staff's leads somewhere.

A new address with a gap fails `tests/house/test_routes.py` until its gap is here: under the longest beginning of the
rule that has it, by the gap's name. The value names something of a customer (`Told.gaps` of world.py), or is the
same for everybody when it begins with "=". "=nobodys" has a reason beside it.
"""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from procurement.web.doors import Audience, audience_of

PASSWORD = "lavender fields at noon"  # of every buyer here

GAPS: dict[str, dict[str, str]] = {
    "/account/addresses": {"address_id": "address_id"},
    "/account/colleagues": {"email": "email"},
    "/account/lists": {"ref": "ref"},
    "/account/orders": {"number": "order", "shipment": "shipment"},
    "/account/quotes": {"number": "quote", "revision": "=1"},
    "/account/quotes/<number>/<int:revision>/acceptance.pdf": {"number": "accepted"},
    "/account/returns": {"number": "return", "position": "=1"},
    "/account/searches": {"search_id": "search_id"},
    "/api/v1/catalogue/families": {"code": "=pair"},
    "/api/v1/catalogue/products": {"sku": "=ALM-500"},
    "/api/v1/docs": {"name": "=swagger-ui.css"},
    "/api/v1/customers": {"code": "code", "key": "=1"},
    "/api/v1/orders": {"number": "order", "shipment": "shipment"},
    "/api/v1/price-lists": {"code": "list"},
    "/api/v1/price-rules": {"rule_id": "rule"},
    "/api/v1/products": {"sku": "=ALM-500"},
    "/api/v1/purchase-orders": {"number": "=PO-2026-0001", "position": "=1", "revision": "=1"},
    "/api/v1/return-requests": {"number": "return", "position": "=1"},
    "/api/v1/saved-lists": {"ref": "ref"},
    "/api/v1/quotes": {"number": "quote"},
    "/api/v1/quotes/<number>/answer": {"number": "accepted"},
    "/basket": {"sku": "=ALM-500", "pack": "=case"},
    "/brand": {"colour": "=2f5d50"},
    "/catalogue": {"sku": "=ALM-500"},
    "/family": {"code": "=pair"},
    "/forgot-password": {
        "token": "=nobodys"
    },  # says whose it is by being taken, not by what it shows
    "/invitation": {"token": "invitation"},
    "/m": {"token": "message"},
    "/mails": {"token": "mails"},
    "/o": {"token": "=nobodys"},  # a supplier's, who is told what it costs
    "/passkeys": {"passkey_id": "passkey_id"},
    "/pictures": {"sha256": "photo", "width": "=400"},
    "/profile/tokens": {"token_id": "token_id"},
    "/punchout": {"token": "=nobodys"},  # begins a visit, once: who looks as one has begun
    "/q": {"token": "token"},
    "/rfq": {"token": "=nobodys"},  # a supplier's
    "/sign-in/static": {"filename": "=js/base.js"},
    "/sitemap-<int:part>.xml": {"part": "=1"},
    "/take-along": {"name": "=price-list.pdf"},
}
# Whoever holds the address may read what is behind it: for these, that is whose page it is.
BY_LINK = ("/q/", "/m/", "/mails/", "/invitation/")
# What is a customer's and no page: nobody gets it at such an address, its owner neither.
NEVER_SHOWN = frozenset({"photo"})
# Further things for the last gap of an address, where each is another page.
OTHERS: dict[str, tuple[str, ...]] = {
    "/take-along": ("catalogue.pdf", "catalogue.xlsx", "catalogue.csv", "catalogue.xml"),
}
# What is asked for beside the address alone.
ASKED: dict[str, tuple[str, ...]] = {
    "/": ("sort=price",),
    "/catalogue": (
        "q=sweet almnd",
        "q=31190101",
        "kind=oil&stock=in",
        "sort=price",
        "sort=price-down",
        "sort=ordered",
        "sort=newest",
        "limit=2",
        "compare=ALM-500",
    ),
    "/compare": ("compare=ALM-500&compare=BLM-50&compare=GEL-200&compare=CRR-01",),
    "/quick-order/suggest": ("code-0=al", "code-0=cran"),
    "/suggest": ("q=al", "q=whin", "q=cran"),
    "/message/": ("product=ALM-500",),
    "/api/v1/prices": (
        "product=GEL-200",
        "product=BLM-50&packs=7",
        "product=ALM-500&customer=WHINCHAT",
        "product=ALM-500&customer=OUZEL",
    ),
    "/api/v1/products/<path:sku>/substitutes": ("without=nuts",),
    "/api/v1/search": ("q=almond", "q=crannog"),
    "/api/v1/catalogue/products": ("sort=price", "sort=price-down", "sort=ordered", "limit=2"),
    "/api/v1/catalogue/facets": ("kind=oil",),
}
# What is sent to addresses that answer with a page or a file and change nothing; the last one ends a visit.
SENT: dict[str, dict[str, str]] = {
    "/account/data/take": {"take-password": PASSWORD},
    "/quick-order": {"paste": "ALM-500 7\nBLM-50 2\nCRR-01 3\nnobody 1"},
    "/punchout/return": {},
}
FILES = ("format=csv", "format=xlsx")  # of lists that offer themselves


def gaps_of(rule: Rule) -> dict[str, str]:
    """By the gap's name; a gap nobody has filled is missing."""
    found: dict[str, str] = {}
    for beginning in sorted(GAPS, key=len):
        if rule.rule == beginning or rule.rule.startswith(f"{beginning.rstrip('/')}/"):
            found |= GAPS[beginning]
    return {name: found[name] for name in rule.arguments if name in found}


def owned_gaps(rule: Rule) -> dict[str, str]:
    """Gaps that take something of a customer's, and what it is."""
    return {name: told for name, told in gaps_of(rule).items() if not told.startswith("=")}


def unfilled(rule: Rule) -> set[str]:
    """Gaps that nothing is known for. Those with a list of what they take need nothing."""
    chosen = {n for n, one in rule._converters.items() if type(one).__name__ == "AnyConverter"}
    return set(rule.arguments) - set(gaps_of(rule)) - chosen


def is_programs(app: Flask, rule: Rule) -> bool:
    return audience_of(app, rule.endpoint) is Audience.TOKEN


def walked(app: Flask) -> Iterator[Rule]:
    """Every rule that is not the staff's; of the API those a buyer's token opens turn out by asking."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if audience_of(app, rule.endpoint) is not Audience.STAFF:
            yield rule


def address_of(app: Flask, rule: Rule, own: dict[str, str], method: str = "GET") -> str:
    """The rule's address with these things in its gaps. What is missing stands as x1, which is nothing's name."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        told = gaps_of(rule).get(name, "=1" if _is_whole(rule, name) else "=x1")
        value = told[1:] if told.startswith("=") else own[told]
        values[name] = int(value) if _is_whole(rule, name) else value
    for name, converter in rule._converters.items():
        if type(converter).__name__ == "AnyConverter" and name not in gaps_of(rule):
            values[name] = min(converter.items)
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=method)


def asked_of(app: Flask, rule: Rule, own: dict[str, str]) -> list[str]:
    """The addresses a rule is asked by, the plain one first."""
    address = address_of(app, rule, own)
    addresses = [address, *(f"{address}?{query}" for query in ASKED.get(rule.rule, ()))]
    beginning, _, gap = rule.rule.rpartition("/")
    if gap.startswith("<"):
        shelf = address.rpartition("/")[0]
        addresses += [f"{shelf}/{other}" for other in OTHERS.get(beginning, ())]
    return addresses


def _is_whole(rule: Rule, name: str) -> bool:
    return "Integer" in type(rule._converters[name]).__name__
