"""What lets a browser install the application and open its counting pages without a network."""

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Response, current_app, g, jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from procurement.web.assets import Assets
from procurement.web.doors import Audience, Door
from procurement.web.identity import current_account

bp = Door("offline", __name__, audience=Audience.PUBLIC)

# What the shell needs; a browser keeps these and nothing else.
_KEPT = (
    "css/*.css",
    "js/*.js",
    "js/count/*.js",
    "js/scan/*.js",
    "icons/*",
    "vendor/idb/*.js",
    "vendor/zxing/*.js",
    "vendor/zxing/*.wasm",
    "vendor/inter/inter.css",
    "vendor/inter/files/inter-latin-wght-normal.woff2",
    "vendor/inter/files/inter-latin-ext-wght-normal.woff2",
)
_NOT_KEPT = frozenset({"js/api-docs.js"})
# The worker runs scripts of ours and asks this server, nothing else.
_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"


@bp.get("/sw.js")
def worker() -> Response:
    """The service worker. With `?sync` it is a module that also sends counts while no page is open."""
    assets: Assets = current_app.extensions["assets"]
    files = kept_files(assets)
    kept = {
        "version": version_of(assets, Path(current_app.root_path).parent / "templates"),
        "shell": url_for(".shell"),
        "pages": url_for(".shell").rpartition("/")[0] + "/",
        "files": files,
    }
    text = f"self.kept = {json.dumps(kept)};\n"
    if "sync" in request.args:
        text = f'import "{assets.url("js/count/background.js")}";\n{text}'
    text += (assets.folder / "js/count/worker.js").read_text(encoding="utf-8")
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


@bp.get("/count/shell")
def shell() -> str:
    """The counting app without a person and without a count: what a phone without a network opens."""
    g.is_plain_page = True
    return render_template("offline/count.html")


@bp.get("/count/session.json")
def session() -> tuple[Response, int]:
    """Who is signed in, and the word for what this session posts. 401 where nobody of the staff is."""
    account = current_account()
    if account is None or not account.is_staff:
        return jsonify(title="Sign in first.", status=401), 401
    user = {"key": str(account.id), "name": account.name}
    return jsonify(user=user, csrf=generate_csrf()), 200


@bp.get("/app.webmanifest")
def manifest() -> Response:
    assets: Assets = current_app.extensions["assets"]
    described = {
        "id": url_for(".manifest"),
        "name": "Stillroom",
        "short_name": "Stillroom",
        "description": "Count a room, with a network or without.",
        "start_url": url_for("counting.index"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f8f5f0",
        "theme_color": "#f8f5f0",
        "icons": [
            {"src": assets.url(f"icons/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            | ({"purpose": "maskable"} if "maskable" in name else {})
            for name, size in (("app-192", 192), ("app-512", 512), ("app-maskable-512", 512))
        ],
    }
    return Response(json.dumps(described), mimetype="application/manifest+json")


@cache
def version_of(assets: Assets, templates: Path) -> str:
    """What the shell is made of, never what it looks like to whoever asks: themes and messages are theirs."""
    told = hashlib.sha256(assets.version.encode())
    parts = ("base.html", "offline/count.html", "components/*.html")
    for path in sorted(path for part in parts for path in templates.glob(part)):
        told.update(path.read_bytes())
    return told.hexdigest()[:16]


def kept_files(assets: Assets) -> list[str]:
    """Addresses of what the shell needs, as far as it is there."""
    names = {
        path.relative_to(assets.folder).as_posix()
        for pattern in _KEPT
        for path in assets.folder.glob(pattern)
    }
    return [assets.url(name) for name in sorted(names - _NOT_KEPT)]
