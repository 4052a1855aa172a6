"""The form of the quote editor filled with what is stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from procurement.backoffice.sales.quote_form import LANGUAGE_CHOICES, QuoteForm
from procurement.backoffice.sales.quote_rows import MOST_OPEN, Shut, marked
from procurement.documents.languages import LANGUAGES
from procurement.sales.queries.quotes import QuotePage


@dataclass(frozen=True, slots=True)
class _SectionHead:
    was: str
    name: str


@dataclass(frozen=True, slots=True)
class _Head:
    version: int
    contact: int | None
    price_list: str | None
    valid_until: date
    introduction: str
    terms: str
    nut_free: bool
    fragrance_free: bool
    vegan: bool
    avoid: str
    language: str
    cover: str
    heads: tuple[_SectionHead, ...]
    into: str
    add: str = ""
    pick: str = ""
    paste: str = ""
    words: str = ""
    move: str = ""
    suggest: str = ""
    swap: str = ""
    over: int | None = None


def form_of(page: QuotePage, left: str = "", opened: Collection[int] = ()) -> QuoteForm:
    """The form filled with what is stored; `left` is pasted text that was not understood.

    A row's number on the page is its line's position less one; `opened` are the rows a long quote is to show open.
    """
    sections = dict.fromkeys(line.section for line in page.lines)
    head = _Head(
        version=page.version,
        contact=page.contact_id,
        price_list=page.price_list,
        valid_until=page.valid_until,
        introduction=page.introduction,
        terms=page.terms,
        nut_free=page.wishes.nut_free,
        fragrance_free=page.wishes.fragrance_free,
        vegan=page.wishes.vegan,
        avoid=page.wishes.avoid,
        language=page.look.locale,
        cover={None: "", True: "yes", False: "no"}[page.look.cover],
        heads=tuple(_SectionHead(name, name) for name in sections if name),
        into=page.lines[-1].section if page.lines else "",
        paste=left,
    )
    form = QuoteForm(obj=head)
    if page.look.locale not in {"", *LANGUAGES}:  # set over the API: fr_CH
        form.language.choices = [*LANGUAGE_CHOICES, (page.look.locale, page.look.locale)]
    form.read_from(page)
    few = len(page.lines) <= MOST_OPEN
    for number, (mark, line) in enumerate(marked(page.lines)):
        form.shut[number] = Shut(line.position, mark)
        if few or number in opened:
            form.open_row(number)
    return form
