"""The tabs that the pages of sales share."""

from typing import Any

from flask import url_for


def sales_tabs(active: str, *, waiting: int | None = None) -> list[dict[str, Any]]:
    """`active` is the blueprint whose page is open."""
    tabs = (
        ("Quotes", "quotes", None),
        ("Orders", "sales_orders", None),
        ("Backorders", "sales_backorders", None),
        ("Inbox", "enquiries", waiting or None),
        ("Customers", "customers", None),
        ("Price lists", "price_lists", None),
        ("Price rules", "price_rules", None),
        ("Price check", "price_check", None),
        ("Win and loss", "outcomes", None),
        ("Insight", "insight", None),
    )
    return [
        {
            "label": label,
            "url": url_for(f"{name}.{'show' if name == 'price_check' else 'index'}"),
            "active": name == active,
            "count": count,
        }
        for label, name, count in tabs
    ]
