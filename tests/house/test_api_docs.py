"""docs/api.md says what the API offers, and its examples are bodies the API takes."""

import json
import re

from procurement.api.endpoint import REGISTRY
from tests.house.endpoints import PAGE, written

TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLE = re.compile(r"-?(?:post|-d) '(\{.*?\})'[ \\\n]*(?:\$API(/[\w/-]+))?", re.DOTALL)


def test_the_table_names_every_endpoint():
    assert written(TEXT) == TEXT


def test_every_example_is_a_body_its_endpoint_takes():
    examples = [(body, path) for body, path in EXAMPLE.findall(TEXT) if path]
    assert len(examples) >= 15
    for body, path in examples:
        endpoint = next(
            one
            for one in REGISTRY
            if one.method == "POST" and re.fullmatch(re.sub(r"<.*?>", "[^/]+", one.rule), path)
        )
        assert endpoint.takes
        endpoint.takes.model_validate_json(json.dumps(json.loads(body)))
