"""The table of endpoints in docs/api.md, from what the endpoints declare. Run as a module, it writes the page anew."""

import re
from pathlib import Path

from procurement.api.endpoint import REGISTRY
from procurement.api.resources import DOORS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
_MARKED = re.compile(r"(<!-- endpoints:[^\n]*-->\n).*(<!-- end of endpoints -->)", re.DOTALL)


def table() -> str:
    assert DOORS  # importing them is what fills the registry
    rows = [
        f"| `{one.method} {_address(one.rule)}` | {one.summary} |"
        for one in sorted(REGISTRY, key=lambda one: (one.rule, one.method))
    ]
    return "\n".join(("| Call | What it does |", "|---|---|", *rows)) + "\n"


def _address(rule: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def written(page: str) -> str:
    return _MARKED.sub(lambda found: found[1] + table() + found[2], page)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
