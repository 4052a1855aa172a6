"""The table of allergens that comes with the application: what it says, its version, and where each row is written.

`data/allergens.csv` holds the rows, `data/allergens.toml` the version, the sources and what the columns mean.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from procurement.catalogue.terms import AllergenGroup

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Source:
    """A text of the law, or our own caution."""

    key: str
    title: str
    address: str
    note: str


@dataclass(frozen=True, slots=True)
class AllergenRule:
    """A row: names of a label, what they stand for, where that is written, and whether it could be checked there."""

    row: int
    names: tuple[str, ...]
    is_plant: bool  # the words may stand anywhere in a name, with "*" only begun; else the whole name counts
    is_oil: bool  # the words may stand anywhere in the name of an oil that smells
    cas: tuple[str, ...]
    group: AllergenGroup
    allergen: str
    is_akin: bool  # not it, but of its kin: counts when the seller is strict
    leave_on: str  # per cent, from where the label must name it; "" where no threshold is set
    rinse_off: str
    source: Source
    entry: str
    checked: bool
    note: str

    @property
    def written(self) -> str:
        """Where it is written: "Annex III, entry 84, Regulation (EC) No 1223/2009 ..."."""
        return ", ".join(filter(None, (self.entry, self.source.title)))


@dataclass(frozen=True, slots=True)
class AllergenTable:
    version: str
    sources: Mapping[str, Source]
    rules: tuple[AllergenRule, ...]

    def cited(self, rule: AllergenRule) -> str:
        """A citation that finds the row again."""
        said = f"Table of {self.version}, {rule.written}"
        return said if rule.checked else f"{said} (not checked)"


@cache
def allergen_table() -> AllergenTable:
    """Read once. A row of another shape stops the application where it starts, not on a page."""
    about = tomllib.loads((DATA / "allergens.toml").read_text(encoding="utf-8"))
    sources = {key: Source(key=key, **said) for key, said in about["sources"].items()}
    with (DATA / "allergens.csv").open(encoding="utf-8", newline="") as file:
        rules = tuple(
            _rule(number, row, sources) for number, row in enumerate(csv.DictReader(file), start=1)
        )
    return AllergenTable(about["version"], sources, rules)


def rules_matching(
    text: str, group: AllergenGroup | None = None, *, checked: bool | None = None
) -> list[AllergenRule]:
    """Rows of the table that hold all words of the text in a name, a number, the entry or the allergen."""
    words = text.casefold().split()

    def holds(rule: AllergenRule) -> bool:
        told = " ".join((*rule.names, *rule.cas, rule.allergen, rule.written)).casefold()
        return all(word in told for word in words)

    return [
        rule
        for rule in allergen_table().rules
        if (group is None or rule.group is group)
        and (checked is None or rule.checked is checked)
        and holds(rule)
    ]


def _rule(number: int, row: Mapping[str, str], sources: Mapping[str, Source]) -> AllergenRule:
    def one_of(column: str, yes: str, no: str) -> bool:
        if row[column] not in {yes, no}:
            raise ValueError(f"allergens.csv, row {number}: {column} is {yes} or {no}.")
        return row[column] == yes

    if row["match"] not in {"name", "plant", "oil"}:
        raise ValueError(f"allergens.csv, row {number}: match is name, plant or oil.")
    return AllergenRule(
        row=number,
        names=tuple(name.strip() for name in row["names"].split(";")),
        is_plant=row["match"] == "plant",
        is_oil=row["match"] == "oil",
        cas=tuple(row["cas"].split()),
        group=AllergenGroup(row["group"]),
        allergen=row["allergen"],
        is_akin=one_of("relation", "akin", "is"),
        leave_on=row["leave_on"],
        rinse_off=row["rinse_off"],
        source=sources[row["source"]],
        entry=row["entry"],
        checked=one_of("checked", "yes", "no"),
        note=row["note"],
    )
