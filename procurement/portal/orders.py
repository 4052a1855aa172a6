"""An order opened by its supplier's private link: read it, take the PDF, confirm it or say what will differ."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, DomainError, NotFound
from procurement.portal.quotes import keep_private
from procurement.purchasing.operations.confirming import confirm_by_link
from procurement.purchasing.operations.opening import note_opened
from procurement.purchasing.queries.links import linked_order, linked_order_paper
from procurement.purchasing.terms import AnsweredBy
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.supplier_answers import SupplierAnswerForm, filled_for
from procurement.web.throttle import limited
from procurement.web.transactions import read, write

bp = Door("order_links", __name__, audience=Audience.PUBLIC, url_prefix="/o")
bp.after_request(keep_private)


@bp.get("/<token>")
def show(token: str) -> Response:
    return _page(token, None, 200)


@bp.get("/<token>/pdf")
def pdf(token: str) -> Response:
    with read() as session:
        paper = linked_order_paper(session, token, at=utc_now())
    return attachment(paper.content, paper.file_name, paper.media_type)


@bp.post("/<token>/opened")
@limited
def opened(token: str) -> Response:
    """The page says that somebody looks at it: programs that fetch addresses run no scripts, and we do not count."""
    if current_actor().id is None:
        with write() as session:
            note_opened(session, token, at=utc_now())
    return Response(status=204)


@bp.post("/<token>")
@limited
def answer(token: str) -> Response:
    form = SupplierAnswerForm.from_request()
    if not form.validate():
        return _page(token, form, 422)
    says = form.to_says(request.form.get("meant", ""), AnsweredBy.LINK)
    at = utc_now()
    try:
        with write() as session:
            confirm_by_link(session, token, says, at=at)
    except NotFound:
        raise
    except Conflict:
        pass  # too late: the page says why
    except DomainError as error:
        form.blame(error)
        return _page(token, form, 422)
    return Response(status=303, headers={"Location": url_for(".show", token=token)})


def _page(token: str, form: SupplierAnswerForm | None, status: int) -> Response:
    with read() as session:
        order = linked_order(session, token, at=utc_now())
    trade = order.content.trade
    known = trade.seller.contact if trade else ""  # so that one tap will do
    form = form or SupplierAnswerForm(data=filled_for(order.lines, said_by=known))
    template = "portal/order_gone.html" if order.is_gone else "portal/order.html"
    body = render_template(
        template,
        order=order,
        content=order.content,
        trade=trade,
        line_of={line.position: line for line in order.lines},
        token=token,
        form=form,
        company=current_company(),
        preview=current_actor().id is not None,
    )
    return Response(body, status, content_type="text/html; charset=utf-8")
