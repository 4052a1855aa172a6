"""Pictures by what they are: an address changes when its picture does, so browsers keep them for ever.

Only pictures that everybody may see are served: those of products, and the logo.
"""

import re

from flask import request
from werkzeug.wrappers import Response

from procurement.catalogue.queries.pictures import is_product_picture
from procurement.files.queries import picture
from procurement.files.rules.jpeg import as_jpeg
from procurement.files.terms import JPEG_TYPE, PICTURE_TYPE, WIDTHS
from procurement.kernel.errors import NotFound
from procurement.settings.queries import get_company
from procurement.web.doors import Audience, Door
from procurement.web.transactions import read

bp = Door("pictures", __name__, audience=Audience.PUBLIC)


@bp.get("/pictures/<sha256>/<int:width>.webp")
def show(sha256: str, width: int) -> Response:
    return _kept_for_ever(_content(sha256, width), PICTURE_TYPE, f"{sha256}-{width}")


@bp.get("/pictures/<sha256>/<int:width>.jpg")
def show_jpeg(sha256: str, width: int) -> Response:
    """The same for programs that know no WebP: mail, previews of a link, price lists of others."""
    return _kept_for_ever(as_jpeg(_content(sha256, width)), JPEG_TYPE, f"{sha256}-{width}-jpeg")


def _content(sha256: str, width: int) -> bytes:
    if width not in WIDTHS or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise NotFound("There is no such picture.")
    with read() as session:
        found = picture(session, sha256, width)
        if found is None or not (
            is_product_picture(session, found.file_id)
            or get_company(session).logo_id == found.file_id
        ):
            raise NotFound("There is no such picture.")
    return found.content


def _kept_for_ever(content: bytes, kind: str, tag: str) -> Response:
    response = Response(content, content_type=kind)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response.make_conditional(request)
