"""Files beside an order."""

import base64
import binascii
from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Moment, Name, Shape
from procurement.kernel.errors import Invalid
from procurement.purchasing.terms import AttachmentRow


class FileBody(Body):
    name: Name
    content_base64: str = Field(max_length=1_000_000, description="PDF, picture or office document")
    for_supplier: bool = Field(default=False, description="Sent with the order")

    def content(self) -> bytes:
        try:
            return base64.b64decode(self.content_base64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Invalid("This is no base64.", field="content_base64") from error


class FileShape(Shape):
    position: int
    name: str
    media_type: str
    size: int
    for_supplier: bool
    added_at: Moment
    added_by: str

    @classmethod
    def of(cls, row: AttachmentRow) -> Self:
        return cls(
            position=row.position,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            for_supplier=row.for_supplier,
            added_at=row.added_at,
            added_by=row.added_by,
        )


class FilesShape(Shape):
    items: list[FileShape]
