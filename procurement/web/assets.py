"""Our own and vendored static files: one content hash in the path, so that browsers may keep them for ever.

The hash is of the whole folder and stands before the file's name (`/static/1f0c.../vendor/inter/inter.css`): a style
sheet's relative `url(...)` keeps working, and every file changes its address when any of them changes.
"""

import hashlib
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise


class Assets:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = _fingerprint(folder)
        self._there: set[str] = set()
        self.prefix = f"/static/{self.version}/"

    def has(self, name: str) -> bool:
        """Whether the file is there: vendored ones are missing where npm could not be reached."""
        if name not in self._there:  # what is there stays; what is missing is looked for again
            if not (self.folder / name).is_file():
                return False
            self._there.add(name)
        return True

    def url(self, name: str) -> str:
        """The address of a file, below the application's own prefix."""
        if not self.has(name):
            raise FileNotFoundError(f"static/{name}")
        return self.prefix + name


def install_assets(app: Flask, folder: Path) -> Assets:
    """Serve the folder, and give templates `static_url(name)` and `static_exists(name)`."""
    assets = Assets(folder)

    def is_immutable(_path: str, url: str) -> bool:
        return url.startswith(assets.prefix)

    noise = WhiteNoise(app.wsgi_app, immutable_file_test=is_immutable, allow_all_origins=False)
    if folder.is_dir():
        noise.add_files(str(folder), prefix=assets.prefix)
    app.wsgi_app = noise  # type: ignore[method-assign]
    app.add_template_global(assets.url, "static_url")
    app.add_template_global(assets.has, "static_exists")
    app.extensions["assets"] = assets
    return assets


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    # os.walk follows a linked vendor folder only when told to; glob does not need telling for named parts
    files = [*folder.rglob("*"), *(folder / "vendor").rglob("*")]
    for path in sorted(file for file in set(files) if file.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
