"""Reading answers."""

import html
import re

from werkzeug.test import TestResponse


def text_of(answer: TestResponse) -> str:
    """What a person reads of a page, or a file as text."""
    if "html" not in answer.content_type:
        return answer.get_data().decode("utf-8-sig", "replace")
    bare = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())
