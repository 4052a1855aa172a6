"""Any CSV or XLSX a person may have, as rows of text with the row numbers their spreadsheet shows."""

from procurement.exchange.tabular.reading import read_table
from procurement.exchange.tabular.table import (
    ByHand,
    Detected,
    Limits,
    NumberText,
    Row,
    Table,
    UnusableFile,
)

__all__ = [
    "ByHand",
    "Detected",
    "Limits",
    "NumberText",
    "Row",
    "Table",
    "UnusableFile",
    "read_table",
]
