"""A paper that carries its own data: the order's XML inside the order's PDF, as Order-X asks.

factur-x embeds the file. It also writes the moment and the claim of PDF/A-3 into the metadata; the first would give
every drawing of the same paper other bytes, the second nobody has checked. Both are written again here.
"""

import hashlib
import io
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from procurement.documents.content import PurchaseOrderContent

FILE_NAME = "order-x.xml"
_PROFILE = "COMFORT"
# Order-X 1.0, the properties that tell a reader which file inside is the order.
_METADATA = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreateDate>{day}T00:00:00Z</xmp:CreateDate><xmp:ModifyDate>{day}T00:00:00Z</xmp:ModifyDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:1p0#">
<fx:DocumentType>{kind}</fx:DocumentType><fx:DocumentFileName>{file}</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>{profile}</fx:ConformanceLevel></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def with_order_x(pdf: bytes, xml: bytes, content: PurchaseOrderContent) -> bytes:
    """The PDF with the XML inside. The same two give the same bytes."""
    # Loaded with the first order, not with the application.
    from facturx import generate_from_binary  # noqa: PLC0415

    kind = "order_change" if content.revision > 0 else "order"
    embedded = generate_from_binary(
        pdf,
        xml,
        flavor="order-x",
        level=_PROFILE.lower(),
        orderx_type=kind,
        check_xsd=False,
        check_schematron=False,
        pdf_metadata={"title": "", "author": "", "subject": "", "keywords": ""},
    )
    metadata = _METADATA.format(
        title=escape(f"{content.title} {content.number}"),
        author=escape(content.letterhead.name),
        day=content.issued_on.isoformat(),
        kind=kind.upper(),
        file=FILE_NAME,
        profile=_PROFILE,
    )
    seed = hashlib.sha256(pdf + xml).digest()[:16]
    return _timeless(embedded, pdf, metadata.encode(), content.issued_on, seed)


def _timeless(embedded: bytes, drawn: bytes, metadata: bytes, day: date, seed: bytes) -> bytes:
    """With the drawn paper's own description, our metadata, and the day of issue for every moment in it."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415
    from pypdf.generic import (  # noqa: PLC0415
        ArrayObject,
        ByteStringObject,
        NameObject,
        TextStringObject,
    )

    writer = PdfWriter(clone_from=io.BytesIO(embedded))
    root: Any = writer.root_object
    root["/Metadata"].set_data(metadata)
    root.pop("/PageMode", None)  # a reader who prints it need not see the list of attachments first
    stamp = TextStringObject(f"D:{day:%Y%m%d}000000+00'00'")
    for attached in root["/AF"]:
        file = attached.get_object()["/EF"]["/F"].get_object()
        file["/Params"][NameObject("/ModDate")] = stamp
    writer.add_metadata(PdfReader(io.BytesIO(drawn)).metadata or {})
    identity = ByteStringObject(seed)
    writer._ID = ArrayObject([identity, identity])  # noqa: SLF001 - else made up
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
