"""The demo's register of certificates: some hold, one is due, one has run out; and a price list to be looked at."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.catalogue.terms import Kind
from procurement.demo.cast import Cast
from procurement.sourcing.operations.certificates import (
    KeepCertificate,
    ask_for_safety_sheets,
    keep_certificate,
)
from procurement.sourcing.operations.price_files import NewPriceFile, take_in_prices
from procurement.sourcing.terms import CertificateKind, PriceRow

_K = CertificateKind
# kind, supplier, product, its number, issuer, days until its last day
_PAPERS = (
    (_K.SDS, "SALTMARSH", "OIL-ALM", "SM-SDS-014", "Saltmarsh Press", 400),
    (_K.SDS, "VERDELAND", "LOT-ARN", "VB-SDB-1833", "Verdeland Botanik GmbH", 18),
    (_K.COSMOS, "VERDELAND", None, "COS-2024-118", "Certifying body", 210),
    (_K.ISO_22716, "VERDELAND", None, "GMP-5521", "Certifying body", 640),
    (_K.ORGANIC, "SALTMARSH", None, "IE-ORG-03", "Certifying body", -12),
    (_K.INSURANCE, "PAPERLEAF", None, "P-88231", "Insurer", None),
)
# Article, from packs, price of one in 1/10000
_PRICES = (
    ("VB1840", 1, 389_000),
    ("VB1840", 5, 365_000),
    ("VB1840", 10, 349_000),
    ("VB1959", 1, 435_000),
    ("VB1959", 5, 415_000),
    ("VB1959", 10, 395_000),
    ("VB1910", 1, 540_000),
    ("VB1910", 5, 510_000),
    ("VB2101", 1, 275_000),
)


def file_papers(session: Session, cast: Cast, *, at: datetime) -> None:
    """Kept by the purchaser, the last of them lately."""
    day = at.date()
    for kind, supplier, product, reference, issuer, days in _PAPERS:
        paper = KeepCertificate(
            content=_pdf(f"{reference} {issuer}"),
            file_name=f"{reference}.pdf",
            kind=kind,
            supplier=supplier,
            product=product,
            reference=reference,
            issuer=issuer,
            valid_until=None if days is None else day + timedelta(days=days),
        )
        keep_certificate(session, paper, actor=cast.purchaser, at=at)
    ask_for_safety_sheets(session, [Kind.BALM], actor=cast.purchaser, at=at)
    rows = tuple(
        PriceRow(number, price, packs, code=code)
        for number, (code, packs, price) in enumerate(_PRICES, start=2)
    )
    command = NewPriceFile("VERDELAND", "Preisliste.csv", rows, "their code from Artikelnummer")
    take_in_prices(session, command, actor=cast.purchaser, at=at)


def _pdf(words: str) -> bytes:
    """One empty page; the words stand in its comment, so that each file is its own."""
    return (
        f"%PDF-1.4\n% {words}\n"
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        "trailer<</Root 1 0 R>>\n%%EOF\n"
    ).encode()
