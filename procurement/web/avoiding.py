"""`?without=`: what somebody wants the like of a product without."""

from flask import request

from procurement.catalogue.queries.compositions import heard
from procurement.catalogue.rules.wishes import wishes_of
from procurement.catalogue.terms import Wishes
from procurement.kernel.db import ReadSession
from procurement.kernel.text import is_storable

MOST = 200


def asked_without(session: ReadSession) -> tuple[str, Wishes]:
    """The words as typed, and what they wish; both empty where nothing, or nonsense, was asked."""
    words = " ".join(request.args.get("without", "")[:MOST].split())
    return (words, heard(session, wishes_of(words))) if is_storable(words) else ("", Wishes())
