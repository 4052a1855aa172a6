"""Document numbers such as PO-2026-0042: counted per series and year, without holes or doubles."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Integer, String
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from procurement.kernel.db import Base


class Series(StrEnum):
    PURCHASE_ORDER = "PO"
    PURCHASE_PLAN = "PLN"
    BLANKET_ORDER = "BO"
    ORDER_TEMPLATE = "OT"
    STANDING_ORDER = "ST"
    GOODS_RECEIPT = "GR"
    SUPPLIER_INVOICE = "SI"
    REQUEST_FOR_QUOTATION = "RFQ"
    QUOTE = "Q"
    QUOTE_BATCH = "QB"
    ENQUIRY = "E"
    TRADE_APPLICATION = "TA"
    TRANSFER = "T"
    TOP_UP_RUN = "TU"
    TOOL = "TL"
    LOT = "L"
    CONTAINER = "B"  # an opened or decanted bottle, jug or jar
    STOCK_COUNT = "SC"
    RECALL = "RC"
    PRICE_FILE = "PF"
    CERTIFICATE = "CT"
    SUPPLIER_RETURN = "SR"
    CLAIM = "CL"
    CUSTOMER = "C"
    SALES_ORDER = "SO"
    SHIPMENT = "SH"
    CUSTOMER_RETURN = "CR"
    RETURN_REQUEST = "RR"
    INVOICE_EXPORT = "IX"


class Serial(Base):
    """The last number given in a series in a year."""

    __tablename__ = "serial"

    series: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


def next_number(session: Session, series: Series, on: date) -> str:
    """The next number of a series. The row stays locked until the transaction ends, so there are no holes."""
    return next_numbers(session, series, on, 1)[0]


def next_numbers(session: Session, series: Series, on: date, count: int) -> list[str]:
    """Several consecutive numbers in one statement."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(Serial).values(series=series.value, year=on.year, last=count)
    last = session.execute(
        statement.on_conflict_do_update(
            index_elements=["series", "year"], set_={"last": Serial.last + count}
        ).returning(Serial.last)
    ).scalar_one()
    return [f"{series.value}-{on.year}-{n:04d}" for n in range(last - count + 1, last + 1)]
