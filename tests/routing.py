"""The addresses of the application, compiled once a run.

Werkzeug writes and compiles two functions for each of some 300 addresses, and tests make an application of their own a
thousand times over: nine tenths of making one. What they compile depends on the address alone, so it is kept.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
_compile: Callable[..., Builder] = Rule._compile_builder
_kept: dict[tuple[Any, ...], Builder] = {}


def _compile_once(rule: Rule, append_unknown: bool = True) -> Builder:
    key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _kept:
        _kept[key] = _compile(rule, append_unknown)
    return _kept[key]


def keep_compiled_addresses() -> None:
    Rule._compile_builder = _compile_once  # type: ignore[method-assign]
