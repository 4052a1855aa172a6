"""Who is told what by mail."""

from collections.abc import Iterable

from procurement.sales.terms.mails import Topic


def declined_of(kept: str) -> frozenset[Topic]:
    """The topics of a kept text; one that is not known any more says nothing."""
    known = {topic.value for topic in Topic}
    return frozenset(Topic(word) for word in kept.split() if word in known)


def kept_of(wanted: Iterable[Topic]) -> str:
    """What to keep when just these are wanted."""
    chosen = frozenset(wanted)
    return " ".join(sorted(topic.value for topic in Topic if topic not in chosen))
