"""A quote of two thousand lines in the editor: text until somebody works on a line, and saved line by line."""

import re

import pytest
from sqlalchemy import update

from procurement.backoffice.sales.quote_rows import MOST_OPEN
from procurement.kernel.permissions import Role
from procurement.settings.models import Tax
from tests.backoffice.sales.test_quotes import drafted, stored, typed
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.sales.stories import a_line, a_ready_shop

LINES = 2_000


@pytest.fixture
def shop(app, client):
    sign_in(client, Role.SALES)
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
    return client


def many(count: int):
    """So many lines, no two alike."""
    return [
        a_line(packs=n, section=f"Part {n // 100}", price=None if n % 3 else f"{n}.50", off="2.5")
        for n in range(1, count + 1)
    ]


def opened(shop, number: str, *rows: int) -> dict[str, str]:
    """The form of a long quote with these rows open."""
    wanted = ".".join(str(row) for row in rows)
    return typed(shop, f"{number}?open={wanted}")


def test_two_thousand_lines_open_and_one_that_is_typed_over_is_all_that_changes(app, shop):
    engine = app.extensions["uow"].engine
    short, long = drafted(app, *many(3)), drafted(app, *many(LINES))
    before = stored(app, long)
    shop.get(f"/quotes/{short}")
    with assert_queries(engine, 60) as few:
        shop.get(f"/quotes/{short}")
    with assert_queries(engine, len(few)):
        page = shop.get(f"/quotes/{long}").text
    assert page.count("data-shut=") == LINES
    assert len(page) < 3_000_000
    sent = typed(shop, long)
    assert len(sent) < LINES + 100

    mark = re.search(r'name="shut-(1499-[0-9a-f]+)"', page)[1]
    with assert_queries(engine, 60):
        row = shop.get(f"/quotes/{long}/rows?row={mark}").text
    assert 'name="lines-1499-packs"' in row
    fields = opened(shop, long, 1499)
    assert {name for name in fields if name.startswith("lines-1499-")} <= set(
        re.findall(r'name="(lines-1499-[a-z_]+)"', row)
    )
    sent = fields | {"lines-1499-packs": "7"}
    with assert_queries(engine, 70) as statements:
        answer = shop.post(f"/quotes/{long}/autosave", data=sent)
    assert len([one for one in statements if "INSERT INTO quote_line " in one]) == 1
    assert 'id="net-1499"' in answer.text
    assert len(answer.data) < 20_000
    after = stored(app, long)
    assert [
        new.position for old, new in zip(before.lines, after.lines, strict=True) if old != new
    ] == [1500]
    assert after.lines[1499].packs == 7
    assert shop.post(f"/quotes/{long}", data=typed(shop, long)).status_code == 303
    assert stored(app, long).lines == after.lines


def test_rows_one_works_on_stay_open_and_those_moved_added_and_renamed_find_their_place(app, shop):
    count = MOST_OPEN + 5
    number = drafted(app, *many(count))
    url = f"/quotes/{number}"
    answer = shop.post(url, data=opened(shop, number, 10) | {"move": "10-up", "open": "30"})
    assert answer.headers["Location"].endswith("open=9.30")
    assert [line.packs for line in stored(app, number).lines[8:12]] == [9, 11, 10, 12]
    answer = shop.post(url, data=typed(shop, number, add="CRR-01 3", **{"heads-0-name": "First"}))
    assert f"open={count}" in answer.headers["Location"]
    page = stored(app, number)
    assert page.lines[-1].product == "CRR-01"
    assert {line.section for line in page.lines[:60]} == {"First"}
    gone = opened(shop, number, 0, 1) | {"lines-0-remove": "y"}
    shop.post(url, data=gone)
    assert [line.packs for line in stored(app, number).lines[:3]] == [2, 3, 4]


def test_lines_that_cannot_be_taken_are_opened_with_their_message_as_many_as_can_be_worked_on(
    app, shop
):
    number = drafted(app, *many(MOST_OPEN), a_line("CRR-01"))
    answer = shop.post(f"/quotes/{number}", data=typed(shop, number, then="issue"))
    assert answer.status_code == 422
    said = answer.text.split(f'id="lines-{MOST_OPEN}-unit_price-error"', 1)[1][:400]
    assert "has no price yet" in said
    assert f'href="#lines-{MOST_OPEN}-unit_price">Line {MOST_OPEN + 1}' in answer.text

    number = drafted(app, *[a_line(packs=n, tax_code="A") for n in range(1, MOST_OPEN + 6)])
    sent = typed(shop, number)
    with app.extensions["uow"].write() as session:
        session.execute(update(Tax).values(code="B"))
    answer = shop.post(f"/quotes/{number}", data=sent)
    assert answer.status_code == 422
    assert answer.text.count("-tax_code-error") >= MOST_OPEN
    assert "5 more lines need looking at" in answer.text
    assert answer.text.count("data-shut=") == 5


def test_two_people_at_a_long_quote_each_keep_what_they_typed(app, shop):
    number = drafted(app, *many(MOST_OPEN + 5))
    url = f"/quotes/{number}"
    mine = opened(shop, number, 4) | {"lines-4-packs": "500"}
    theirs = opened(shop, number, 4, 20, 30) | {
        "lines-4-packs": "600",
        "lines-20-packs": "700",
        "lines-30-remove": "y",
    }
    shop.post(url, data=theirs | {"add": "CRR-01 3"})
    assert "Not saved" in shop.post(f"{url}/autosave", data=mine).text
    refused = shop.post(url, data=mine)
    assert refused.status_code == 409
    told = refused.text.split('role="alert"', 1)[1].split("</section>", 1)[0]
    assert "600 × bottle" in told  # noqa: RUF001
    assert "700" not in told  # nobody typed there: it simply follows
    version = re.search(r'name="over" value="([0-9]+)"', refused.text)[1]
    shut = dict(re.findall(r'name="(shut-[^"]+)" value="([0-9]+)"', refused.text))
    kept = {name: value for name, value in mine.items() if not name.startswith("shut-")}
    kept |= shut | {"over": version, "then": "over"}
    assert shop.post(url, data=kept).status_code == 303
    page = stored(app, number)
    assert [page.lines[i].packs for i in (4, 20, 30)] == [500, 700, 32]
    assert page.lines[-1].product == "CRR-01"


@pytest.mark.parametrize("row", ["17-abcdefabcdef", "99999-000000000000", "x", ""])
def test_a_row_that_is_another_by_now_is_not_opened(app, shop, row):
    number = drafted(app, *many(3))
    assert shop.get(f"/quotes/{number}/rows?row={row}").status_code == 409
    sent = typed(shop, number, **{"shut-7-abcdefabcdef": "7"})
    assert "Not saved" in shop.post(f"/quotes/{number}/autosave", data=sent).text
