"""Every context's tables. Alembic, tests and each entry point import this, or foreign keys by name do not resolve."""

from procurement.accounts import models as accounts
from procurement.audit import models as audit
from procurement.catalogue import models as catalogue
from procurement.files import models as files
from procurement.idempotency import models as idempotency
from procurement.kernel import serial
from procurement.kernel.db import Base
from procurement.outbox import models as outbox
from procurement.planning import models as planning
from procurement.purchasing import models as purchasing
from procurement.sales import models as sales
from procurement.settings import models as settings
from procurement.sourcing import models as sourcing
from procurement.stock import models as stock

TABLES_OF = (
    accounts,
    audit,
    catalogue,
    files,
    idempotency,
    outbox,
    planning,
    purchasing,
    sales,
    serial,
    settings,
    sourcing,
    stock,
)

metadata = Base.metadata

# History: these rows are written once. Migrations install the guards of kernel/guards.py on them.
APPEND_ONLY = (
    "audit_entry",
    "movement",
    "posting",
    "quote_answer",
    "stock_count_correction",
    "stock_count_entry",
)

# Columns of folded text in which words are found anywhere. Migrations make the indexes of kernel/trigrams.py.
SEARCHED = {"product": "search_text", "search_word": "word"}
