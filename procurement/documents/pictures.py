"""Pictures made ready for a page, once per process: small, opaque, compressed."""

import hashlib
import io
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

# Twice what a printer shows in a frame of 11.5 mm; a logo may be larger.
PRODUCT_PIXELS = 240
LOGO_PIXELS = 480
# A letterhead or a cover is as wide as the page.
HEAD_PIXELS = 1600
MOST_PIXELS = 50_000_000
# A drawing stays sharp and is smaller than this; what is larger is a photograph.
DRAWING_BYTES = 24_000
# Compressed in haste. Packing well takes ten times as long and saves a quarter: not tried on a photograph.
HASTY_BYTES = 36_000
MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class Prepared:
    name: str
    width: int
    height: int
    stream: bytes
    filter: str
    colours: str = "DeviceRGB"


_kept: OrderedDict[str, Prepared | None] = OrderedDict()
_keeping = threading.Lock()


def prepare(picture: bytes, most: int, ground: tuple[int, int, int]) -> Prepared | None:
    """None when the bytes are no picture: the paper then shows an empty frame, not an error."""
    name = hashlib.sha256(picture + repr((most, ground)).encode()).hexdigest()[:32]
    with _keeping:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    prepared = _prepared(name, picture, most, ground)
    with _keeping:
        _kept[name] = prepared
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return prepared


def cropped(picture: bytes, most: int, ratio: float) -> Prepared | None:
    """The middle of a picture, as wide as `ratio` times its height."""
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            width = min(image.width, round(image.height * ratio))
            height = min(image.height, round(image.width / ratio))
            x, y = (image.width - width) // 2, (image.height - height) // 2
            file = io.BytesIO()
            _flat(image, (255, 255, 255)).crop((x, y, x + width, y + height)).save(file, "PNG")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return prepare(file.getvalue(), most, (255, 255, 255))


def _prepared(
    name: str, picture: bytes, most: int, ground: tuple[int, int, int]
) -> Prepared | None:
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            if image.format == "JPEG" and image.mode == "RGB" and max(image.size) <= most:
                return Prepared(name, image.width, image.height, picture, "DCTDecode")
            flat = _flat(image, ground)
            flat.thumbnail((most, most), Image.Resampling.LANCZOS)
            raw = flat.tobytes()
            if len(zlib.compress(raw, 1)) <= HASTY_BYTES:
                stream = zlib.compress(raw, 9)
                if len(stream) <= DRAWING_BYTES:
                    return Prepared(name, flat.width, flat.height, stream, "FlateDecode")
            file = io.BytesIO()
            flat.save(file, "JPEG", quality=88)
            return Prepared(name, flat.width, flat.height, file.getvalue(), "DCTDecode")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _flat(image: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    flat = Image.new("RGBA", layer.size, (*ground, 255))
    flat.alpha_composite(layer)
    return flat.convert("RGB")
