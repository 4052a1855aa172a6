"""Requests for quotation: the list, the answers side by side, and what becomes of them."""

from collections.abc import Iterable, Iterator

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.audit.queries import trail_of
from procurement.backoffice.purchasing import section
from procurement.documents.quotation_request import render_quotation_request
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Forbidden, NotFound
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.awarding import Award, AwardRequest, award_request
from procurement.purchasing.operations.requesting import (
    end_request,
    invite_again,
    send_request,
)
from procurement.purchasing.queries.quotation_papers import request_content
from procurement.purchasing.queries.quotations import (
    RequestFilter,
    count_requests,
    request_page,
    requests,
)
from procurement.purchasing.rules.quotations import PER_WORD
from procurement.purchasing.terms.quotations import (
    WAITING,
    RequestPage,
    RequestRow,
    RequestStatus,
)
from procurement.web.addresses import public_root
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    one_of,
    page_request,
    search_text,
    wanted_format,
)
from procurement.web.transactions import read, write

bp = section.door("quotation_requests", __name__, "/requests-for-quotation")

HEADER = ("number", "status", "title", "answer_by", "lines", "asked", "answered", "drafted_by")
ANSWERS = (
    "position",
    "product",
    "name",
    "packs_wanted",
    "pack_wanted",
    "supplier",
    "pack",
    "packs",
    "unit_price",
    "currency",
    "net",
    "lead_time_days",
    "moq",
    "cost_per_unit",
    "company_currency",
    "cheapest",
    "fastest",
    "awarded",
)
_TABS = (
    ("All", None),
    ("Drafts", RequestStatus.DRAFT),
    ("Sent", RequestStatus.SENT),
    ("Answered", RequestStatus.ANSWERED),
    ("Awarded", RequestStatus.AWARDED),
)


@bp.get("")
def index() -> Response | str:
    status = one_of(RequestStatus)
    wanted = RequestFilter(frozenset({status}) if status else None, search_text())
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: requests(session, wanted, paging))
            return export("requests-for-quotation", HEADER, _cells(rows))
        page = requests(session, wanted, page_request())
        counts = count_requests(session)
    tabs = [
        {
            "label": label,
            "url": url_for(".index", status=one),
            "active": one is status,
            "count": counts.get(one, 0) if one is not None else None,
        }
        for label, one in _TABS
    ]
    return render_template(
        "backoffice/purchasing/requests.html",
        page=page,
        tabs=tabs,
        wanted=wanted,
        status=status,
        next_url=next_url(page),
        files=export_urls(),
    )


@bp.get("/<number>")
def show(number: str) -> Response | str:
    with read() as session:
        page = request_page(session, number, at=utc_now())
        trail = trail_of(session, number)
    if wanted_format():
        return export(number, ANSWERS, _answer_cells(page))
    may = current_actor().may(Permission.DRAFT_ORDERS)
    return render_template(
        "backoffice/purchasing/request.html",
        page=page,
        history=[section.event(row) for row in trail],
        per=PER_WORD,
        files=export_urls(),
        may_change=may and page.status is RequestStatus.DRAFT,
        may_answer=may and page.status in WAITING,
        may_award=may and page.status in WAITING and any(one.bids for one in page.invitations),
    )


@bp.get("/<number>/pdf")
def pdf(number: str) -> Response:
    """The paper for one supplier: to be printed where there is no mail address."""
    supplier = request.args.get("supplier", "")
    with read() as session:
        content = request_content(session, number, supplier)
    paper = render_quotation_request(content)
    return attachment(paper, f"{number}-{supplier}.pdf", "application/pdf", inline=True)


@bp.post("/<number>/send")
def send(number: str) -> Response:
    return section.act(
        url_for(".show", number=number),
        f"{number} is sent.",
        lambda session: send_request(
            session, number, public_url=public_root(), actor=current_actor(), at=utc_now()
        ),
    )


@bp.post("/<number>/send-again")
def send_again(number: str) -> Response:
    supplier = request.form.get("supplier", "")
    return section.act(
        url_for(".show", number=number),
        f"{supplier} gets another mail with a new link.",
        lambda session: invite_again(
            session,
            number,
            supplier,
            public_url=public_root(),
            actor=current_actor(),
            at=utc_now(),
        ),
    )


@bp.post("/<number>/end")
def end(number: str) -> Response:
    return section.act(
        url_for(".show", number=number),
        f"{number} is closed.",
        lambda session: end_request(session, number, actor=current_actor(), at=utc_now()),
    )


@bp.post("/<number>/award")
def award(number: str) -> Response:
    url = url_for(".show", number=number)
    version = request.form.get("version", "")
    command = AwardRequest(
        number=number,
        awards=tuple(_awards()),
        update_items="update_items" in request.form,
        tell_others="tell_others" in request.form,
        version=int(version)
        if version.isascii() and version.isdigit() and len(version) < 9
        else None,
    )
    try:
        with write() as session:
            numbers = award_request(session, command, actor=current_actor(), at=utc_now())
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(url, f"Drafted: {section.joined(numbers)}.")


def _awards() -> Iterator[Award]:
    """Fields named award-POSITION-SUPPLIER hold packs; empty and 0 are nothing, other text is refused as 0 packs."""
    for name, typed in request.form.items():
        parts = name.split("-", 2)
        if len(parts) < 3 or parts[0] != "award" or not _is_number(parts[1]):
            continue
        text = typed.strip()
        if text and text != "0":
            yield Award(int(parts[1]), parts[2], int(text) if _is_number(text) else 0)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8


def _cells(rows: Iterable[RequestRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            str(row.status),
            row.title,
            row.answer_by,
            row.lines,
            row.asked,
            row.answered,
            row.drafted_by,
        )


def _answer_cells(page: RequestPage) -> Iterator[tuple[Cell, ...]]:
    for line in page.lines:
        for one in page.invitations:
            bid = one.bid(line.position)
            head = (line.position, line.product, line.product_name, line.packs, line.pack)
            if bid is None or bid.price is None or bid.net is None:
                yield (*head, one.supplier, *([None] * 12))
                continue
            yield (
                *head,
                one.supplier,
                bid.pack,
                bid.packs,
                bid.price.decimal,
                one.currency,
                bid.net.decimal,
                bid.lead_time_days,
                bid.moq,
                None if bid.unit_cost is None else round(bid.unit_cost, 4),
                page.currency,
                bid.is_cheapest,
                bid.is_fastest,
                bid.awarded,
            )
