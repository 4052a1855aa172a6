"""What others may know of files without their tables."""

from dataclasses import dataclass

PICTURE_TYPE = "image/webp"
JPEG_TYPE = "image/jpeg"
WIDTHS = (96, 400, 800)  # renditions made when a picture is stored


@dataclass(frozen=True, slots=True)
class PictureBytes:
    """A picture in the width asked for, or the whole one where it is no wider."""

    file_id: int
    content: bytes
