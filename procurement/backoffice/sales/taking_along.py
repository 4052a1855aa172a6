"""A customer's price list and catalogue to send along, and one price list on paper."""

from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import customers_door, price_lists_door
from procurement.exchange.taking_along import FileKind
from procurement.kernel.permissions import Permission
from procurement.planning.queries.taking_away import Wish
from procurement.web.identity import current_actor
from procurement.web.taking_along import file_kind, taken_file


@customers_door.get("/<path:code>/take-along/<name>")
def take_along(code: str, name: str) -> Response:
    current_actor().require(Permission.SEE_SALES)
    return taken_file(file_kind(name), Wish(customer=code))


@price_lists_door.get("/<path:code>/pdf")
def pdf(code: str) -> Response:
    current_actor().require(Permission.SEE_SALES)
    return taken_file(FileKind.PRICE_LIST, Wish(price_list=code))
