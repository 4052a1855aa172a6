"""What is not there, told inside the shop to whoever shops: the search and the shelves stay at hand."""

from flask import render_template, request
from werkzeug.wrappers import Response

from procurement.portal.door import bp
from procurement.web.identity import current_account
from procurement.web.problems import Problem


def in_the_shop(problem: Problem) -> Response | None:
    """Of the shop's own addresses and of those that lead nowhere; staff and links keep the plain page."""
    if problem.status != 404 or (request.endpoint and request.blueprint != bp.name):
        return None
    account = current_account()
    if account is not None and account.is_staff:
        return None
    message = problem.message if problem.is_ours else ""
    body = render_template("portal/lost.html", message=message)
    return Response(body, 404, content_type="text/html; charset=utf-8")
