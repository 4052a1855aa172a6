"""Pictures people bring."""

import io
import struct
import zlib

import pytest
from PIL import Image
from sqlalchemy import func, select

from procurement.files.models import Rendition, StoredFile
from procurement.files.operations.pictures import store_picture
from procurement.files.queries import picture
from procurement.kernel.errors import Invalid
from tests.builders import NOON


def a_picture(size=(1000, 500), kind="PNG", mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 0x336699 if mode == "RGB" else None).save(out, kind, **options)
    return out.getvalue()


def test_a_picture_is_kept_as_webp_with_its_renditions(session):
    stored = store_picture(session, a_picture(), "oil.png", at=NOON)
    assert (stored.media_type, stored.width, stored.height) == ("image/webp", 1000, 500)
    for width in (96, 400, 800):
        shown = Image.open(io.BytesIO(picture(session, stored.sha256, width).content))
        assert shown.width == width


def test_a_small_picture_is_never_blown_up(session):
    stored = store_picture(session, a_picture((200, 100)), "oil.png", at=NOON)
    assert session.scalar(select(func.count()).select_from(Rendition)) == 1
    shown = Image.open(io.BytesIO(picture(session, stored.sha256, 800).content))
    assert shown.width == 200


def test_the_same_picture_is_kept_once(session):
    one = store_picture(session, a_picture(), "a.png", at=NOON)
    two = store_picture(session, a_picture(), "b.png", at=NOON)
    assert one.id == two.id
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_where_it_was_taken_is_forgotten(session):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ana"
    exif[0x0112] = 6  # lies on its side
    content = a_picture((300, 100), "JPEG", exif=exif)
    stored = store_picture(session, content, "x.jpg", at=NOON)
    kept = session.scalar(select(StoredFile.content).where(StoredFile.id == stored.id))
    assert b"Camera of Ana" not in kept
    assert (stored.width, stored.height) == (100, 300), "turned upright first"


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("GIF", "P"), ("JPEG", "CMYK"), ("PNG", "LA")]
)
def test_every_kind_of_picture_is_read(session, kind, mode):
    assert store_picture(session, a_picture((50, 50), kind, mode), "x", at=NOON).width == 50


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


HOSTILE = {
    "nothing": b"",
    "text": b"hello",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "pdf": b"%PDF-1.7",
    "cut off": a_picture()[:200],
    "bomb": bomb(60_000, 60_000),
    "larger than any": bomb(2**31 - 1, 2**31 - 1),
    "empty pixels": bomb(3000, 3000),
    "tiff": a_picture(kind="TIFF"),
    "too many bytes": b"\x89PNG" + b"\0" * (12 * 1024 * 1024),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_honest_picture_is_refused_in_words(session, content):
    with pytest.raises(Invalid) as refused:
        store_picture(session, content, "x.png", at=NOON)
    assert refused.value.field == "picture"
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
