"""Counting at the shelf: pages that become an application on a phone."""

from flask import render_template

from procurement.kernel.permissions import Permission
from procurement.web.doors import Audience, Door

bp = Door("counting", __name__, audience=Audience.STAFF, permission=Permission.COUNT_STOCK)


@bp.get("/count/")
def index() -> str:
    """Where the installed application begins."""
    return render_template("offline/count.html")


@bp.get("/count/<number>")
def show(number: str) -> str:
    """One count. With scripts the application takes over."""
    return render_template("offline/count.html", number=number)
