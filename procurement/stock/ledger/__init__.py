"""The ledger: the only writer of postings, movements, balances and reservations.

A posting is written in a fixed order, learned by trying:
1. the posting itself claims its idempotency key and asks whether the period is closed;
2. the movements;
3. balance rows are made where there are none, then locked in key order;
   (a lot that somebody held meanwhile is refused here);
4. one conditional update adds the deltas; a key it leaves out has too little, and that names the line;
5. opened containers that are empty now are marked finished, and those that are not are open again.
The CHECKs of the balance table are the net below. A single upsert with a negative delta would be wrong on both
databases: the CHECK sees the proposed row before the conflict is resolved.
"""

from procurement.stock.ledger.guarding import AT_HAND
from procurement.stock.ledger.holding import hold, hold_everywhere
from procurement.stock.ledger.moves import Move, Promise
from procurement.stock.ledger.picking import Shelf, locked_shelves, sealed, too_little
from procurement.stock.ledger.posting import post, reverse
from procurement.stock.ledger.reserving import release, reserve

__all__ = [
    "AT_HAND",
    "Move",
    "Promise",
    "Shelf",
    "hold",
    "hold_everywhere",
    "locked_shelves",
    "post",
    "release",
    "reserve",
    "reverse",
    "sealed",
    "too_little",
]
