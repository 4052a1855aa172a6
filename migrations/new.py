"""Write a migration from what the models say and the newest migration does not: `dev.py migrate "add a thing"`.

`--first` writes the first migration again from nothing, the same text each time. It is for the days before the first
release only, when no database has to be carried over: after a rebase it is written again instead of merged.
"""

import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from alembic import command

from procurement.kernel.migrations import FOLDER, alembic_config, upgrade

VERSIONS = FOLDER / "versions"
FIRST = "20261122_first"
FIRST_ROWS = """
    # What every installation has from the start: its company, and the virtual places of the ledger
    op.execute(
        "INSERT INTO company (id, name, tagline, address, phone, email, vat_id, footer, brand_colour, currency,"
        " time_zone, locale, rounding_rule, quote_validity_days, quote_terms, order_requests, delivery_address,"
        " version) VALUES (1, 'Your spa', '', '', '', '', '', '', '#0B5A52', 'EUR', 'Europe/Berlin', 'en_GB',"
        " 'line', 30, '', '', '', 1)"
    )
    op.execute("INSERT INTO enabled_currency (currency) VALUES ('EUR')")
    for kind in ("supplier", "customer", "consumed", "adjustment", "conversion", "opening"):
        op.execute(
            "INSERT INTO location (code, name, kind, is_physical, active)"  # noqa: S608 (our own six words)
            f" VALUES ('{kind.upper()}', '{kind.capitalize()}', '{kind}', FALSE, TRUE)"
        )
"""


def main(slug: str) -> None:
    VERSIONS.mkdir(exist_ok=True)
    if slug == "--first":
        for old in VERSIONS.glob("*.py"):
            old.unlink()
        write(FIRST, "The first version of every table")
    else:
        name = re.sub(r"[^a-z0-9]+", "_", slug.lower()).strip("_")
        write(f"{datetime.now(UTC):%Y%m%d}_{name}", slug[0].upper() + slug[1:])


def write(revision: str, message: str) -> None:
    """Autogenerate against a database that has every earlier step."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        upgrade(url)
        config = alembic_config(url)
        config.set_main_option("file_template", "%%(rev)s")
        command.revision(config, message, autogenerate=True, rev_id=revision)
    path = VERSIONS / f"{revision}.py"
    body = re.sub(r"\n +# ###.*", "", path.read_text(encoding="utf-8"))
    if revision == FIRST:
        body = body.replace("\n\n\ndef downgrade", f"\n{FIRST_ROWS}\n\ndef downgrade")
    path.write_text(body, encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "check", "--quiet", "--fix", path], check=False)  # noqa: S603 (our own tool and file)
    subprocess.run([ruff, "format", "--quiet", path], check=True)  # noqa: S603 (our own tool and file)


if __name__ == "__main__":
    main(sys.argv[1])
