"""Where a person lands: staff on Today, buyers in their portal."""

from flask import current_app, redirect, url_for
from werkzeug.wrappers import Response

from procurement.web.doors import Audience, Door
from procurement.web.identity import current_account
from procurement.web.places import PLACES

bp = Door("start", __name__, audience=Audience.SIGNED_IN)


@bp.get("/start")
def start() -> Response:
    account = current_account()
    staff_first = [place.endpoint for place in PLACES] + ["profile.show"]
    buyer_first = ["portal.home", "profile.show"]
    for endpoint in staff_first if account and account.is_staff else buyer_first:
        if endpoint in current_app.view_functions:
            return redirect(url_for(endpoint), 303)
    return redirect("/", 303)
