"""What every answer says to the browser about safety and keeping."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from procurement.web.guests import comes_from_elsewhere, framing
from procurement.web.identity import current_account

_POLICY = (
    "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic'{reader}; worker-src 'self'; "
    "style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'{target}; object-src 'none'; base-uri 'none'; frame-ancestors {frames}"
)
_READER = (
    " 'wasm-unsafe-eval'"  # the reader of barcodes is WebAssembly; pages that do not scan have none
)


def csp_nonce() -> str:
    """The word of this request that makes a script ours."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def allow_camera() -> str:
    """Said by the scan strip where it is drawn: this page, and no other, may use the camera. Prints nothing."""
    g.uses_camera = True
    return ""


def allow_form_to(origin: str) -> None:
    """A form of this page, and of no other, may be sent to that origin, which hears from where."""
    g.form_target = origin


def install_headers(app: Flask, *, public_url: str) -> None:
    behind_https = urlsplit(public_url).scheme == "https"

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        scans = bool(g.get("uses_camera"))
        target = g.get("form_target", "")
        policy = _POLICY.format(
            nonce=csp_nonce(),
            reader=_READER if scans else "",
            target=f" {target}" if target else "",
            frames=_frames() if response.mimetype == "text/html" else "'none'",
        )
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "strict-origin" if target else "same-origin")
        opener = "unsafe-none" if comes_from_elsewhere() else "same-origin"
        headers.setdefault("Cross-Origin-Opener-Policy", opener)
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault(
            "Permissions-Policy",
            f"camera={'(self)' if scans else '()'}, geolocation=(), microphone=(), payment=()",
        )
        if behind_https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "Cache-Control" not in headers or request.blueprint == "security":
            headers["Cache-Control"] = "no-store" if _is_personal() else "no-cache"
        if request.headers.get("HX-Request"):
            response.vary.add("HX-Request")
        return response

    app.add_template_global(csp_nonce, "csp_nonce")
    app.add_template_global(allow_camera, "allow_camera")


def _frames() -> str:
    """Who may show this page inside one of theirs: nobody, but for a visit where that was agreed on.

    What is no page says nothing of it: caches keep style sheets and pictures for everybody.
    """
    if g.get("any_frame"):
        return "https:"
    return " ".join(framing()) or "'none'"


def _is_personal() -> bool:
    """Pages of somebody signed in, and every form's answer, are not kept by the browser."""
    if request.method != "GET" or "Authorization" in request.headers or g.get("is_plain_page"):
        return True
    return comes_from_elsewhere() or current_account() is not None
