"""Which kinds of file people may attach, told by their content and never by their name.

Signatures: PDF 32000-1 (7.5.2), PNG (W3C, 5.2), JPEG (ITU-T T.81, B.1.1.3), WebP (RFC 9649), GIF89a; Office Open XML
(ECMA-376 part 2: a ZIP with [Content_Types].xml) and OpenDocument (part 2, 3.3: its first entry is `mimetype`).
"""

import io
import zipfile

PDF = "application/pdf"
_OPEN_XML = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
}
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_SIGNATURES = (
    (b"%PDF-", PDF, "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"GIF89a", "image/gif", "gif"),
    (b"GIF87a", "image/gif", "gif"),
)
_SAME = {"jpg": frozenset({"jpg", "jpeg"})}
_MOST_NAMES = 10_000
_LONGEST_MIMETYPE = 100


def kind_of(content: bytes) -> tuple[str, str] | None:
    """The media type and usual ending of a file; None for what nobody may attach."""
    for signature, media_type, ending in _SIGNATURES:
        if content.startswith(signature):
            return media_type, ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", "webp"
    return _office(content) if content[:4] == b"PK\x03\x04" else None


def named(name: str, ending: str) -> str:
    """The name with an ending that says what the file is."""
    has = name.rpartition(".")[2].lower() if "." in name else ""
    return name if has in _SAME.get(ending, frozenset({ending})) else f"{name}.{ending}"


def _office(content: bytes) -> tuple[str, str] | None:
    """An office document without macros; only the list of its parts is looked at, nothing is unpacked but one name."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts[:_MOST_NAMES]]
            if len(parts) > _MOST_NAMES or any(n.endswith("vbaProject.bin") for n in names):
                return None
            if names[:1] == ["mimetype"] and parts[0].file_size <= _LONGEST_MIMETYPE:
                media_type = archive.read(parts[0]).decode("ascii", "replace")
                ending = _OPEN_DOCUMENT.get(media_type)
                return (media_type, ending) if ending else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next(
        (kind for folder, kind in _OPEN_XML.items() if any(n.startswith(folder) for n in names)),
        None,
    )
