"""The variants of a family as a table to order from: sizes beside scents, or packs beside variants. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

SIZES = frozenset({"size", "content", "contents", "volume"})


@dataclass(frozen=True, slots=True)
class VariantPack:
    """A pack of a variant."""

    pack_id: int
    name: str
    steps: int


@dataclass(frozen=True, slots=True)
class Variant:
    """A product of the family, with how it differs from its siblings."""

    sku: str
    name: str
    options: tuple[tuple[str, str], ...]
    packs: tuple[VariantPack, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be ordered."""

    variant: Variant
    pack: VariantPack


@dataclass(frozen=True, slots=True)
class MatrixRow:
    head: str
    variant: Variant | None  # where all of the row is one product
    cells: tuple[tuple[Entry, ...], ...]  # one for each column; empty where there is nothing such


@dataclass(frozen=True, slots=True)
class Matrix:
    """Heads of the columns, and the rows. `by_options`: columns are an option's values, and cells hold packs."""

    head: str  # of the first column
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    by_options: bool


def matrix_of(variants: Sequence[Variant]) -> Matrix:
    """With two options that differ, one is the columns (a size, or that with fewer values); else packs are."""
    values: dict[str, list[str]] = {}
    for variant in variants:
        for name, value in variant.options:
            if value not in values.setdefault(name, []):
                values[name].append(value)
    differing = [name for name, found in values.items() if len(found) > 1]
    if len(differing) > 1:
        return _by_options(variants, differing, values)
    return _by_packs(variants, differing)


def _by_options(
    variants: Sequence[Variant], differing: Sequence[str], values: dict[str, list[str]]
) -> Matrix:
    across = min(differing, key=lambda name: (name.casefold() not in SIZES, len(values[name])))
    down = [name for name in differing if name != across]
    rows: dict[str, list[Variant]] = {}
    for variant in variants:
        said = dict(variant.options)
        head = ", ".join(said[name] for name in down if name in said) or variant.name
        rows.setdefault(head, []).append(variant)
    columns = values[across]
    unsaid = [one for one in variants if across not in dict(one.options)]
    if unsaid:
        columns = [*columns, ""]
    return Matrix(
        head=", ".join(down).capitalize(),
        columns=tuple(column or "Other" for column in columns),
        rows=tuple(
            MatrixRow(
                head=head,
                variant=found[0] if len(found) == 1 else None,
                cells=tuple(
                    tuple(
                        Entry(one, pack)
                        for one in found
                        if dict(one.options).get(across, "") == column
                        for pack in one.packs
                    )
                    for column in columns
                ),
            )
            for head, found in rows.items()
        ),
        by_options=True,
    )


def _by_packs(variants: Sequence[Variant], differing: Sequence[str]) -> Matrix:
    largest: dict[str, int] = {}
    for variant in variants:
        for pack in variant.packs:
            largest[pack.name] = max(pack.steps, largest.get(pack.name, 0))
    columns = sorted(largest, key=lambda name: (largest[name], name))
    return Matrix(
        head=(differing[0] if differing else "variant").capitalize(),
        columns=tuple(columns),
        rows=tuple(
            MatrixRow(
                head=", ".join(value for name, value in one.options if name in differing)
                or one.name,
                variant=one,
                cells=tuple(
                    tuple(Entry(one, pack) for pack in one.packs if pack.name == column)
                    for column in columns
                ),
            )
            for one in variants
        ),
        by_options=False,
    )
