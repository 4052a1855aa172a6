"""The same key again, one after another and at once: one effect, and every answer the same."""

from tests.api.stories import a_customer, a_delivery, a_placed_order, done, made, quantity
from tests.threads import at_once

WORKERS, EACH = 20, 5  # a hundred replays, twenty at a time


def replay(api, path, body, key):
    """What a hundred requests under one key were answered, each distinct answer once."""

    def ask(_):
        answers = [api.post(path, body, key=key) for _ in range(EACH)]
        return [(one.status_code, one.data, one.headers["Location"]) for one in answers]

    answers = [one for some in at_once(WORKERS, ask) for one in some]
    assert len(answers) == WORKERS * EACH
    return set(answers)


def test_a_hundred_replays_of_a_posting_move_stock_once(spa):
    move = {"product": "ALM-500", "from": "OPENING", "to": "STORE", "quantity": quantity("500")}
    answers = replay(spa, "/postings", {"reason": "opening", "moves": [move]}, "p-1")
    ((status, _, _),) = answers
    assert status == 201
    (row,) = spa.get("/stock").json["items"]
    assert row["on_hand"] == quantity("500")
    assert len(spa.get("/postings").json["items"]) == 1


def test_a_hundred_replays_of_a_delivery_receive_it_once(spa):
    number = a_placed_order(spa)
    line = {"position": 1, "packs": 3, "lot": "A1"}
    answers = replay(spa, f"/purchase-orders/{number}/receipts", a_delivery(line), "r-1")
    assert len(answers) == 1
    order = done(spa.get(f"/purchase-orders/{number}"))
    assert (order["lines"][0]["received"], len(order["goods_receipts"])) == (3, 1)
    (row,) = spa.get("/stock").json["items"]
    assert row["on_hand"] == quantity("1500")


def test_a_hundred_replays_of_a_creation_create_once(spa):
    body = a_customer()
    del body["code"]
    assert len(replay(spa, "/customers", body, "c-1")) == 1
    assert len(spa.get("/customers").json["items"]) == 2


def test_actions_are_replayed_too_and_marked(spa):
    number = a_placed_order(spa)
    first = spa.post(f"/purchase-orders/{number}/close-short", key="s-1")
    again = spa.post(f"/purchase-orders/{number}/close-short", key="s-1")
    assert (first.status_code, again.status_code, again.json) == (200, 200, first.json)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert spa.post(f"/purchase-orders/{number}/close-short", key="s-2").status_code == 409


def test_two_people_may_choose_the_same_key(spa, program):
    line = {"position": 1, "packs": 1, "lot": "A1"}
    number = a_placed_order(spa)
    mine = made(spa.post(f"/purchase-orders/{number}/receipts", a_delivery(line), key="same"))
    other = program()
    theirs = made(other.post(f"/purchase-orders/{number}/receipts", a_delivery(line), key="same"))
    assert mine["number"] != theirs["number"]


def test_a_key_is_short_printable_ascii(spa):
    for key in ("", "x" * 201, "\t", "\N{LATIN SMALL LETTER E WITH ACUTE}"):
        answer = spa.post("/customers", a_customer("NEW"), key=key)
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == "Idempotency-Key"
