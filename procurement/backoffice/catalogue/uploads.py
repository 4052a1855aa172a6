"""A file between its preview and its import: kept on disk for a day, for the person who sent it and nobody else."""

import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from procurement.kernel.errors import NotFound

_DAY = 24 * 60 * 60
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    key: str
    name: str
    data: bytes


class Uploads:
    """A folder of uploads. The owner is part of the file's name, so a foreign key finds nothing."""

    def __init__(self, folder: Path, owner: int) -> None:
        self._folder = folder / "imports"
        self._owner = owner

    def keep(self, name: str, data: bytes) -> Upload:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep()
        key = secrets.token_hex(16)
        self._file(key).write_bytes(name.encode()[:500].replace(b"\n", b" ") + b"\n" + data)
        return Upload(key, name, data)

    def find(self, key: str) -> Upload:
        """What was kept under a key. Raises NotFound for a foreign, an old or an invented one alike."""
        if not _KEY.fullmatch(key):
            raise NotFound("There is no such file; send it again.")
        try:
            name, _, data = self._file(key).read_bytes().partition(b"\n")
        except FileNotFoundError:
            raise NotFound("That file is no longer here; send it again.") from None
        return Upload(key, name.decode("utf-8", "replace"), data)

    def forget(self, key: str) -> None:
        if _KEY.fullmatch(key):
            self._file(key).unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        return self._folder / f"{self._owner}-{key}"

    def _sweep(self) -> None:
        """Files that nobody came back for."""
        for file in self._folder.iterdir():
            try:
                if file.stat().st_mtime < time.time() - _DAY:
                    file.unlink(missing_ok=True)
            except FileNotFoundError:  # another worker was faster
                continue
