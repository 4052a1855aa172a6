"""The declarative base and the engine: one place knows what SQLite and PostgreSQL need."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Protocol, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    Engine,
    Integer,
    MetaData,
    Result,
    ScalarResult,
    Select,
    String,
    Text,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.sql.functions import FunctionElement

from procurement.kernel.types import Key, UTCDateTime

# Doors pass a session on and know no SQLAlchemy: this is where they get its type.
__all__ = ["Session"]

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Bounds of promises.md: every stored quantity and amount stays below, so that sums fit 64 bits.
MAX_STEPS = 10**12
MAX_MINOR = 10**12

PrimaryKey = Annotated[int, mapped_column(Key, primary_key=True)]
ForeignId = Annotated[int, mapped_column(Key)]
Code = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(200))]
Prose = Annotated[str, mapped_column(Text, default="")]
Steps = Annotated[int, mapped_column(BigInteger)]  # a quantity in its unit's smallest step
MinorUnits = Annotated[int, mapped_column(BigInteger)]  # money in the currency's minor units
PriceE4 = Annotated[int, mapped_column(BigInteger)]  # price of one pack, in 1/10000 of the currency
CurrencyCode = Annotated[str, mapped_column(String(3))]
Flag = Annotated[bool, mapped_column(Boolean)]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: UTCDateTime(), date: Date()}  # noqa: RUF012 (SQLAlchemy's own declaration)


# A SELECT whose columns the type checker need not know: its rows are turned into dataclasses at once.
AnySelect = Select[*tuple[Any, ...]]


class days_between(FunctionElement[int]):  # noqa: N801 (a function of SQL, written like the others)
    """Whole days from one date to another, in SQL."""

    type = Integer()
    inherit_cache = True


@compiles(days_between)
def _days(element: Any, compiler: Any, **more: Any) -> str:
    start, end = element.clauses
    return f"({compiler.process(end, **more)} - {compiler.process(start, **more)})"


@compiles(days_between, "sqlite")
def _days_of_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    start, end = element.clauses
    return (
        f"CAST(julianday({compiler.process(end, **more)}) - "
        f"julianday({compiler.process(start, **more)}) AS INTEGER)"
    )


class ReadSession(Protocol):
    """What a query needs of a session: nothing that writes."""

    def execute(self, statement: Any, params: Any = None) -> Result[*tuple[Any, ...]]: ...
    def scalars(self, statement: Any, params: Any = None) -> ScalarResult[Any]: ...
    def scalar(self, statement: Any, params: Any = None) -> Any: ...
    def get(self, entity: Any, ident: Any) -> Any: ...


KEPT = "kept"
T = TypeVar("T")


def once(session: ReadSession, name: str, ask: Callable[[], T]) -> T:
    """What a door keeps for the time of its request is asked for once; without such a keeper, every time.

    Only sessions that cannot write are given one (`Session.info[KEPT]`), so nobody reads what they just changed.
    """
    kept: dict[str, Any] | None = getattr(session, "info", {}).get(KEPT)
    if kept is None:
        return ask()
    if name not in kept:
        kept[name] = ask()
    answer: T = kept[name]
    return answer


def make_engine(url: str, *, echo: bool = False) -> Engine:
    """An engine for `sqlite:///...` or `postgresql://...`, set so that no acknowledged commit is lost."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, echo=echo, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if address.drivername in {"postgresql", "postgres"}:
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, echo=echo, pool_pre_ping=True, pool_size=10, max_overflow=10)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # pysqlite would begin late and commit around DDL; with None the "begin" event below decides.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a power cut must not lose an acknowledged commit
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE slips past the DELETE guard
        "busy_timeout=10000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: a deferred one fails with "database is locked" when it upgrades.
    if connection.get_execution_options().get("read_only"):
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
