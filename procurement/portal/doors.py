"""The doors of the portal that the application opens."""

from flask import Blueprint

from procurement.portal import (  # noqa: F401 (basket, browse and others hang their pages on one door)
    addresses,
    applications,
    basket,
    browse,
    colleagues,
    comparing,
    cxml,
    enquiries,
    families,
    found_by,
    mails,
    message_links,
    ordering,
    orders,
    own,
    own_codes,
    own_data,
    own_orders,
    product,
    punchout,
    quick_order,
    quotation_requests,
    quotes,
    returning,
    saved_lists,
    searches,
    seller,
    suggesting,
    taking_along,
)
from procurement.portal.door import bp

DOORS: list[Blueprint] = [
    seller.bp,
    bp,
    enquiries.bp,
    applications.bp,
    message_links.bp,
    quotes.bp,
    orders.bp,
    quotation_requests.bp,
    cxml.door,
    punchout.bp,
]
