"""Rules about the tables, read from the models."""

import sqlalchemy as sa
from sqlalchemy.orm import RelationshipProperty, configure_mappers

from procurement import schema
from procurement.kernel.db import Base

LONGEST_NAME = 63  # PostgreSQL cuts what is longer


def relationships() -> list[RelationshipProperty]:
    configure_mappers()
    return [found for mapper in Base.registry.mappers for found in mapper.relationships]


def test_lazy_loading_raises_everywhere():
    assert [str(found) for found in relationships() if found.lazy != "raise"] == []


def test_relationships_stay_within_a_context():
    crossing = [
        str(found)
        for found in relationships()
        if found.parent.class_.__module__ != found.entity.class_.__module__
    ]
    assert crossing == []


def test_every_constraint_and_index_has_a_name_that_fits():
    names = [
        str(thing.name)
        for table in schema.metadata.tables.values()
        for thing in [*table.constraints, *table.indexes]
    ]
    assert all(names)
    assert "None" not in names
    assert [name for name in names if len(name) > LONGEST_NAME] == []


def test_every_check_says_what_it_is_for():
    """A name of the convention is `ck_TABLE_reason`; one that only repeats the table says nothing."""
    for table in schema.metadata.tables.values():
        checks = [c for c in table.constraints if isinstance(c, sa.CheckConstraint)]
        for check in checks:
            assert str(check.name).startswith(f"ck_{table.name}_"), check.name


def test_no_column_is_a_binary_fraction():
    """Quantities and money are whole numbers; NUMERIC is a float in SQLite."""
    inexact = [
        str(column)
        for table in schema.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.Float | sa.Numeric)
    ]
    assert inexact == []


def test_moments_carry_their_zone():
    naive = [
        str(column)
        for table in schema.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.DateTime)
    ]
    assert naive == []  # UTCDateTime is a decorator around DateTime, not one
