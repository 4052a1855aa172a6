"""Rows of cost centres."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CostCentreRow:
    """A cost centre in a list; `site` None: of every site."""

    code: str
    name: str
    site: str | None
    active: bool
