"""Migrations build what the models say, on both databases, and can be taken back."""

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrations.guards import guards_expected, guards_present
from procurement import schema
from procurement.kernel import migrations
from procurement.kernel.db import make_engine
from procurement.kernel.trigrams import is_index

SEARCHED = list(schema.SEARCHED)


def constraint_names(engine: Engine) -> set[str | None]:
    inspector = sa.inspect(engine)
    names: set[str | None] = set()
    for table in inspector.get_table_names():
        if table == "alembic_version" or is_index(table, SEARCHED):
            continue
        names |= {check["name"] for check in inspector.get_check_constraints(table)}
        names |= {unique["name"] for unique in inspector.get_unique_constraints(table)}
        names |= {reference["name"] for reference in inspector.get_foreign_keys(table)}
        names |= {
            index["name"]
            for index in inspector.get_indexes(table)
            if not is_index(str(index["name"]), SEARCHED)
        }
        names.add(inspector.get_pk_constraint(table)["name"])
    return names


def test_an_upgraded_database_is_at_the_newest_version(engine):
    assert migrations.newest_version()
    assert migrations.is_current(engine)


def test_the_models_say_nothing_that_the_migrations_do_not(fresh_database):
    command.check(migrations.alembic_config(fresh_database))


def test_migrations_name_constraints_as_the_models_do(engine, database, databases):
    url = databases.fresh(database)
    made_from_models = make_engine(url)
    try:
        migrations.downgrade(url, "base")
        schema.metadata.create_all(made_from_models)
        assert constraint_names(made_from_models) == constraint_names(engine)
    finally:
        made_from_models.dispose()
        databases.drop(url)


def test_the_guards_are_those_expected(engine, database):
    with engine.connect() as connection:
        assert guards_present(connection) == guards_expected(database)


def test_a_downgrade_to_nothing_leaves_nothing_and_the_way_back_is_open(fresh_database, database):
    migrations.downgrade(fresh_database, "base")
    engine = make_engine(fresh_database)
    try:
        assert sa.inspect(engine).get_table_names() == ["alembic_version"]
        migrations.upgrade(fresh_database)
        assert migrations.is_current(engine)
        with engine.connect() as connection:
            assert guards_present(connection) == guards_expected(database)
    finally:
        engine.dispose()


def test_an_upgrade_of_an_upgraded_database_changes_nothing(fresh_database):
    migrations.upgrade(fresh_database)
    engine = make_engine(fresh_database)
    try:
        assert migrations.is_current(engine)
    finally:
        engine.dispose()


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_history(session: Session, change):
    session.execute(
        sa.text(
            "INSERT INTO audit_entry (at, actor_name, action, subject, detail)"
            " VALUES ('2026-11-23 10:00:00', 'Ada', 'place', 'PO-2026-0001', '{}')"
        )
    )
    with pytest.raises(IntegrityError, match="guard_append_only_audit_entry"):
        session.execute(sa.text(change.format("audit_entry")))
