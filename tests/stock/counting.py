"""Counting, in the words of a story."""

from datetime import timedelta
from itertools import count as numbers
from uuid import UUID

from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.permissions import Role, permissions_of
from procurement.stock.operations.counting.closing import PostCount, post_count
from procurement.stock.operations.counting.entering import EnterCounted, Entry, enter_counted
from procurement.stock.operations.counting.starting import StartCount, start_count
from procurement.stock.queries.counting.counts import count_of
from procurement.stock.queries.counting.review import count_lines
from tests.stock.builders import MORNING, ml

MIRA = Actor(None, "Mira", permissions_of(frozenset({Role.THERAPIST})))
NOOR = Actor(None, "Noor", permissions_of(frozenset({Role.THERAPIST})))
_ids = numbers(1)


def minutes(number):
    return MORNING + timedelta(minutes=number)


TEN_PAST, HALF_PAST, AN_HOUR_ON = minutes(10), minutes(30), minutes(60)


def started(session, room="ROOM-1", *, at=MORNING, actor=MIRA, **more):
    return start_count(session, StartCount(room, **more), actor=actor, at=at).number


def an_entry(amount, product="ALM-500", *, lot="A1", at=TEN_PAST, uid=None, **more):
    uid = uid or str(UUID(int=next(_ids)))
    return Entry(uid, product, ml(amount), at, lot, **more)


def entered(session, number, *entries, actor=MIRA, at=HALF_PAST, device_now=None):
    command = EnterCounted(number, entries, device_now)
    return enter_counted(session, command, actor=actor, at=at)


def the_lines(session, number):
    return count_lines(session, count_of(session, number))


def the_line(session, number, lot="A1"):
    return next(line for line in the_lines(session, number) if lot in {line.lot, line.supplier_lot})


def put_in_the_books(session, number, *, actor=SYSTEM, at=AN_HOUR_ON, seen=None):
    return post_count(session, PostCount(number, seen), actor=actor, at=at)
