"""What somebody ticked on a quote: options, alternatives and quantities as choices of its lines."""

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

from procurement.kernel.errors import Invalid
from procurement.sales.queries.choosing import ChoiceRow
from procurement.sales.rules.totals import Choice


def read_choices(sent: MultiDict[str, str], rows: Iterable[ChoiceRow]) -> tuple[Choice, ...]:
    """Choices in the order of the lines; a tick that belongs to no option is refused."""
    known = {row.position: row for row in rows}
    ticked = {_number(value) for value in sent.getlist("options")}
    if any(position not in known or not known[position].optional for position in ticked):
        raise Invalid("That is not an option of this quote.", field="options")
    choices = []
    for row in known.values():
        wanted = _number(sent.get(f"group-{row.group}", "")) if row.group else None
        packs = _number(sent.get(f"packs-{row.position}", "")) or None
        if packs == row.own_packs:
            packs = None
        if row.optional:
            if row.position in ticked:
                choices.append(Choice(row.position, packs))
        elif row.group:
            if wanted == row.position and (packs or not row.suggested):
                choices.append(Choice(row.position, packs))
        elif packs:
            choices.append(Choice(row.position, packs))
    _require_known_groups(sent, known)
    return tuple(choices)


def _require_known_groups(sent: MultiDict[str, str], known: dict[int, ChoiceRow]) -> None:
    for name, value in sent.items():
        if not name.startswith("group-") or not value:
            continue
        row = known.get(_number(value))
        if row is None or f"group-{row.group}" != name:
            raise Invalid("That is not an alternative of this quote.", field="options")


def _number(written: str) -> int:
    """A line or a number of packs; 0 for what is none."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 8 else 0
