"""A made-up house to measure in: products, rooms, two years of movements, rules. Seeded, so that runs compare.

`--data DIR` reads such a house from CSV files instead (products, rooms, movements, room_rules, buy_rules; quantities in
pieces; location 1 is the supplier, 2 the store, 3 consumed, rooms follow).
"""

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

SUPPLIER, STORE, CONSUMED, FIRST_ROOM = 1, 2, 3, 4
FIRST_DAY = date(2024, 11, 1)
DAYS = 730

# products, rooms, movements, products stocked in each room
SIZES = {
    "S": (500, 20, 20_000, 100),
    "M": (5_000, 100, 500_000, 200),
    "L": (50_000, 1_000, 5_000_000, 500),
}
_FIRST = ["Calm", "Vital", "Pure", "Deep", "Warm", "Cool", "Alpine", "Gentle", "Silk", "Fresh"]
_SECOND = [
    "Arnica",
    "Lavender",
    "Almond",
    "Jojoba",
    "Rosemary",
    "Sesame",
    "Coconut",
    "Ginger",
    "Neroli",
    "Thyme",
]
_THIRD = [
    "Massage Oil",
    "Body Lotion",
    "Hot Stone Set",
    "Bath Sheet",
    "Foot Balm",
    "Gua Sha",
    "Calf Roller",
    "Glove",
]


@dataclass
class House:
    """Rows as they come from the files; quantities in pieces."""

    products: list[tuple[int, str, str]] = field(default_factory=list)  # id, SKU, name
    rooms: list[tuple[int, str, str]] = field(default_factory=list)  # id, code, name
    movements: list[tuple[date, int, int, int, int]] = field(
        default_factory=list
    )  # day, product, from, to, pieces
    room_rules: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # room, product, reorder point, par
    buy_rules: list[tuple[int, int, int]] = field(
        default_factory=list
    )  # product, reorder point, par

    def balances(self) -> dict[tuple[int, int], int]:
        """(location, product) -> pieces, of the store and the rooms."""
        found: defaultdict[tuple[int, int], int] = defaultdict(int)
        for _, product, source, target, pieces in self.movements:
            if source not in {SUPPLIER, CONSUMED}:
                found[source, product] -= pieces
            if target not in {SUPPLIER, CONSUMED}:
                found[target, product] += pieces
        return dict(found)


def made(size: str, seed: int = 7) -> House:
    """A house of a size, the same one for the same seed."""
    products, rooms, movements, per_room = SIZES[size]
    pick = random.Random(seed)
    house = House(
        products=[(i, f"B-{i:06d}", _name(pick)) for i in range(1, products + 1)],
        rooms=[(FIRST_ROOM + i, f"ROOM-{i + 1:04d}", f"Room {i + 1}") for i in range(rooms)],
    )
    stocked = [
        (room, product)
        for room, _, _ in house.rooms
        for product in sorted(pick.sample(range(1, products + 1), per_room))
    ]
    house.movements = list(_movements(pick, movements, products, stocked))
    house.room_rules = [
        (room, product, low, low + 10) for room, product in stocked for low in [pick.randint(3, 7)]
    ]
    store = {p: q for (place, p), q in house.balances().items() if place == STORE}
    house.buy_rules = [
        (p, low, low + 100)
        for p in range(1, products + 1)
        for low in [store.get(p, 0) + 10 if pick.random() < 0.3 else store.get(p, 0) // 2]
    ]
    return house


def _name(pick: random.Random) -> str:
    return f"{pick.choice(_FIRST)} {pick.choice(_SECOND)} {pick.choice(_THIRD)}"


def _movements(
    pick: random.Random, count: int, products: int, stocked: list[tuple[int, int]]
) -> Iterator[tuple[date, int, int, int, int]]:
    """Deliveries, top-ups and use in the order of days; nothing is ever taken that is not there."""
    store = dict.fromkeys(range(1, products + 1), 600)
    rooms: defaultdict[tuple[int, int], int] = defaultdict(int)
    for product in store:
        yield FIRST_DAY, product, SUPPLIER, STORE, 600
    for number in range(products, count):
        day = FIRST_DAY + timedelta(days=number * DAYS // count)
        room, product = pick.choice(stocked)
        if rooms[room, product] >= 4 and pick.random() < 0.62:
            pieces = pick.randint(1, 4)
            rooms[room, product] -= pieces
            yield day, product, room, CONSUMED, pieces
        elif store[product] >= 10 and pick.random() < 0.9:
            pieces = pick.randint(4, 9)
            store[product] -= pieces
            rooms[room, product] += pieces
            yield day, product, STORE, room, pieces
        else:
            pieces = pick.randint(20, 100)
            store[product] += pieces
            yield day, product, SUPPLIER, STORE, pieces


def read(folder: Path) -> House:
    """A house from CSV files."""

    def rows(name: str) -> Iterator[list[str]]:
        with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            yield from csv.reader(file)

    products = list(rows("products"))[1:]  # the only file with a header
    return House(
        products=[(int(row[0]), row[1], row[2]) for row in products],
        rooms=[(int(row[0]), row[1], row[2]) for row in rows("rooms")],
        movements=[
            (date.fromisoformat(day), int(product), int(source), int(target), int(pieces))
            for _, day, product, source, target, pieces in rows("movements")
        ],
        room_rules=[(int(a), int(b), int(c), int(d)) for a, b, c, d in rows("room_rules")],
        buy_rules=[(int(a), int(b), int(c)) for a, b, c in rows("buy_rules")],
    )
