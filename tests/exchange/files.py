"""Where the outside files stand, and small workbooks made by hand."""

import io
import os
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "tests" / "data"


def shared(path: str) -> bytes:
    """A file that stays outside the project (its licence says so): beside the checkout, or where the variable says."""
    folder = os.environ.get("STILLROOM_SHARED_DATA")
    file = (Path(folder) if folder else ROOT.parent / "shared" / "data") / path
    if not file.is_file():
        pytest.skip(f"shared/data/{path} is not beside this checkout")
    return file.read_bytes()


def own(path: str) -> bytes:
    return (OWN / path).read_bytes()


def workbook_of(
    sheet_xml: str | bytes, strings_xml: str = "", extra: dict[str, bytes] | None = None
) -> bytes:
    """A workbook of one sheet from its bare XML."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook {main} xmlns:r="{rels}"><sheets>'
        '<sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{rels}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{rels}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f"{head}<sst {main}>{strings_xml}</sst>",
        "xl/worksheets/sheet1.xml": sheet_xml
        if isinstance(sheet_xml, bytes)
        else f"{head}<worksheet {main}>{sheet_xml}</worksheet>",
        **(extra or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
