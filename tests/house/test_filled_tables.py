"""Migrations that carry rows over, there and back, on tables with something in them."""

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import command

from procurement.kernel import migrations
from procurement.kernel.db import make_engine
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.operations.baskets import set_basket
from procurement.sales.queries.offers import offered_products
from tests.builders import NOON
from tests.doors import an_account
from tests.sales.connections import a_visit, connect
from tests.sales.stories import a_ready_shop

BEFORE = "20261128_claims_and_returns"
AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
A_VALUE = {int: 0, str: "x", bool: False, bytes: b"x"}


def put(connection: sa.Connection, table: sa.Table, **values) -> None:
    """A row with something in every column that asks for it."""
    for column in table.columns:
        if column.nullable or column.name in values or column.server_default is not None:
            continue
        kind = column.type.python_type
        values[column.name] = A_VALUE.get(kind, AT if kind is datetime else AT.date())
    if connection.dialect.name == "sqlite":
        values = {
            name: value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value
            for name, value in values.items()
        }
        names = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        connection.execute(sa.text(f"INSERT INTO {table.name} ({names}) VALUES ({places})"), values)
    else:
        connection.execute(table.insert().values(values))


def rows(engine: sa.Engine, statement: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def test_the_files_of_mails_are_carried_over_and_back(fresh_database):
    """A mail with an attachment and two enclosures, one with an enclosure alone, and one without any."""
    migrations.downgrade(fresh_database, BEFORE)
    engine = make_engine(fresh_database)
    try:
        tables = sa.MetaData()
        tables.reflect(engine, only=["stored_file", "outbox_message", "outbox_enclosure"])
        files, mails = tables.tables["stored_file"], tables.tables["outbox_message"]
        enclosures = tables.tables["outbox_enclosure"]
        with engine.begin() as connection:
            for key, name in enumerate(("order.pdf", "order.xml", "terms.pdf"), start=1):
                put(connection, files, id=key, sha256=f"{key:064d}", file_name=name, size=1)
            for key, attached in ((1, 1), (2, None), (3, None)):
                put(connection, mails, id=key, attachment_id=attached, status="waiting")
            for mail, position, file in ((1, 0, 2), (1, 1, 3), (2, 0, 3)):
                put(
                    connection,
                    enclosures,
                    message_id=mail,
                    position=position,
                    file_id=file,
                    name=f"own name {file}",
                )
        migrations.upgrade(fresh_database)
        carried = "SELECT message_id, position, file_id, name FROM outbox_file ORDER BY 1, 2"
        assert rows(engine, carried) == [
            (1, 1, 1, "order.pdf"),
            (1, 2, 2, "own name 2"),
            (1, 3, 3, "own name 3"),
            (2, 2, 3, "own name 3"),
        ]
        command.check(migrations.alembic_config(fresh_database))
        migrations.downgrade(fresh_database, BEFORE)
        assert rows(engine, "SELECT id, attachment_id FROM outbox_message ORDER BY id") == [
            (1, 1),
            (2, None),
            (3, None),
        ]
        back = "SELECT message_id, position, file_id FROM outbox_enclosure ORDER BY 1, 2"
        assert rows(engine, back) == [(1, 0, 2), (1, 1, 3), (2, 0, 3)]
    finally:
        engine.dispose()


def test_baskets_of_accounts_and_of_visits_are_carried_over_and_back(fresh_database):
    engine = make_engine(fresh_database)
    try:
        with UnitOfWork(engine).write() as session:
            linden = a_ready_shop(session)
            buyer = an_account(session, Role.WHOLESALE_BUYER, customer_id=linden.id)
            connect(session, "LINDEN")
            visit, visitor = a_visit(session)
            pack = offered_products(session, skus={"ALM-500"})["ALM-500"].packs[0].id
            for owner, packs in ((replace(visitor, id=buyer.id, visit=None), 3), (visitor, 4)):
                set_basket(session, {pack: packs}, actor=owner, at=NOON)
            user_id, visit_id = buyer.id, visit
        one = "SELECT user_id, visit_id, packs FROM basket_line ORDER BY packs"
        baskets = [(user_id, None, 3), (None, visit_id, 4)]
        assert rows(engine, one) == baskets
        migrations.downgrade(fresh_database, "20261202_punchout")
        assert rows(engine, "SELECT user_id, packs FROM basket_line") == [(user_id, 3)]
        assert rows(engine, "SELECT visit_id, packs FROM punchout_visit_line") == [(visit_id, 4)]
        migrations.upgrade(fresh_database)
        assert rows(engine, one) == baskets
    finally:
        engine.dispose()
