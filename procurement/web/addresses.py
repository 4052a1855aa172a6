"""Addresses as they stand in mails and on papers: whole, with the installation's own name."""

from flask import current_app


def public_root() -> str:
    """How every address of this installation begins: https://spa.example."""
    return str(current_app.extensions["config"].public_url)


def public_url(path: str) -> str:
    return public_root() + path
