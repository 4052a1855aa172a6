"""Price lists and catalogues as files: the same for the shop and the back office."""

from werkzeug.wrappers import Response

from procurement.exchange.taking_along import FileKind, file_to_take
from procurement.kernel.actor import Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.planning.queries.taking_away import Wish
from procurement.web.filters import picture_jpeg
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.throttle import count_public_form
from procurement.web.transactions import read


def file_kind(written: str) -> FileKind:
    """A name that is none is a page that does not exist."""
    try:
        return FileKind(written)
    except ValueError as error:
        raise NotFound("There is no such file.") from error


def taken_file(kind: FileKind, wish: Wish) -> Response:
    """The file as the reader may see it."""
    actor = current_actor()
    count_drawing(actor)
    with read() as session:
        file = file_to_take(
            session, kind, wish, picture=whole_picture_url, actor=actor, at=utc_now()
        )
    return attachment(file.draw(), file.name, kind.media_type)


def count_drawing(actor: Actor) -> None:
    """Whoever we do not know may have so many files an hour."""
    if not (actor.may(Permission.BUY) or actor.may(Permission.SEE_SALES)):
        count_public_form("take along")


def whole_picture_url(sha256: str | None) -> str:
    """As JPEG: what reads tables and feeds does not always read WebP."""
    return picture_jpeg(sha256) if sha256 else ""
