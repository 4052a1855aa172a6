"""Pictures made ready for a page, once per process: small, opaque, compressed."""

import hashlib
import io
import zlib
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

# Twice what a printer shows in a frame of 11.5 mm; a logo may be larger.
PRODUCT_PIXELS = 240
LOGO_PIXELS = 480
MOST_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class Prepared:
    name: str
    width: int
    height: int
    stream: bytes
    filter: str
    colours: str = "DeviceRGB"


@lru_cache(maxsize=512)
def prepare(picture: bytes, most: int, ground: tuple[int, int, int]) -> Prepared | None:
    """None when the bytes are no picture: the paper then shows an empty frame, not an error."""
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            name = hashlib.sha256(picture + repr((most, ground)).encode()).hexdigest()[:32]
            if image.format == "JPEG" and image.mode == "RGB" and max(image.size) <= most:
                return Prepared(name, image.width, image.height, picture, "DCTDecode")
            flat = _flat(image, ground)
            flat.thumbnail((most, most), Image.Resampling.LANCZOS)
            stream = zlib.compress(flat.tobytes(), 9)
            return Prepared(name, flat.width, flat.height, stream, "FlateDecode")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _flat(image: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    flat = Image.new("RGBA", layer.size, (*ground, 255))
    flat.alpha_composite(layer)
    return flat.convert("RGB")
