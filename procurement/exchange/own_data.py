"""A person's own data as a file: one JSON with all of it, and a CSV of each kind, with a word about what it is."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

from procurement.exchange.export import to_csv

ZIP = "application/zip"
_README = """Your data at {company}, as of {at}.

data.json holds all of it, for programs. Each .csv holds one kind, for a spreadsheet.
Moments are in UTC, sums are in the currency beside them. Passwords and keys are not in it:
we keep none that could be read.
Messages about your company's quotes are in it whoever wrote them; what colleagues asked us in their own name is not.
"""


def zipped(
    sections: Mapping[str, Sequence[Mapping[str, str | int | bool | None]]],
    *,
    company: str,
    at: datetime,
) -> bytes:
    """The bytes of the ZIP; the same data at the same moment gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(
            archive,
            "README.txt",
            _README.format(company=company, at=f"{at:%d %B %Y %H:%M} UTC"),
            at,
        )
        text = json.dumps(sections, ensure_ascii=False, indent=2)
        _put(archive, "data.json", text, at)
        for name, rows in sections.items():
            if rows:
                header = tuple(rows[0])
                lines = [tuple(row[key] for key in header) for row in rows]
                _put(archive, f"{name.replace(' ', '-')}.csv", to_csv(header, lines), at)
    return packed.getvalue()


def _put(archive: zipfile.ZipFile, name: str, text: str | bytes, at: datetime) -> None:
    info = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, text)
