"""`POST /labels`: the same labels for programs."""

import pytest

from procurement.kernel.permissions import Role
from tests.api.programs import fields


def test_a_sheet_of_labels(spa):
    body = {
        "format": "sheet-24",
        "start": 3,
        "labels": [
            {"kind": "product", "name": "ALM-500", "copies": 2},
            {"kind": "location", "name": "STORE"},
        ],
    }
    first, again = spa.post("/labels", body, key="k"), spa.post("/labels", body, key="k")
    assert first.status_code == 200
    assert first.mimetype == "application/pdf"
    assert first.data == again.data


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"labels": []}, "labels"),
        ({"labels": [{"kind": "moon", "name": "A"}]}, "labels.0.kind"),
        ({"labels": [{"kind": "location", "name": "MARS"}]}, "labels.0.name"),
        ({"labels": [{"kind": "lot", "name": "A1"}]}, "labels.0.name"),
        ({"labels": [{"kind": "location", "name": "STORE", "copies": 0}]}, "labels.0.copies"),
        ({"format": "papyrus", "labels": [{"kind": "location", "name": "STORE"}]}, "format"),
        (
            {"format": "sheet-14", "start": 15, "labels": [{"kind": "location", "name": "STORE"}]},
            "",
        ),
    ],
)
def test_what_cannot_be_printed_names_its_field(spa, body, field):
    answer = spa.post("/labels", body)
    assert answer.status_code == 422
    assert fields(answer) == [field]


def test_a_buyer_prints_no_labels(program):
    body = {"labels": [{"kind": "location", "name": "STORE"}]}
    assert program(Role.WHOLESALE_BUYER).post("/labels", body).status_code == 403
