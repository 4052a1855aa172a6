"""Answers to quotes: what was chosen, why not, and the record that proves it."""

from typing import Annotated, Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Moment,
    MoneyOut,
    Name,
    Packs,
    Prose,
    Shape,
)
from procurement.documents.languages import answering_for
from procurement.sales.operations.lines import MOST_LINES
from procurement.sales.queries.answers import AnswerRecord
from procurement.sales.rules.totals import Choice
from procurement.sales.terms import AnswerKind, Channel, LossReason, SignatureKind

Position = Annotated[int, Field(ge=1, le=MOST_LINES)]


class ChoiceBody(Body):
    """A line taken: an option, an alternative, or another quantity that is offered for it."""

    position: Position
    packs: Packs | None = Field(default=None, description="Default: the line's own quantity")


class AcceptBody(Body):
    name: Name | None = Field(default=None, description="Who accepts; default: the token's person")
    note: Prose = ""
    options: list[Position] = Field(
        default_factory=list,
        max_length=MOST_LINES,
        description="Positions of optional lines wanted too",
    )
    choices: list[ChoiceBody] = Field(default_factory=list, max_length=MOST_LINES)
    signature: str = Field(
        default="",
        max_length=20_000,
        pattern="^[ML0-9 ]*$",
        description="Drawn: the d of an SVG path on 1000 x 300, whole numbers, M and L only",
    )

    def chosen(self) -> tuple[Choice, ...]:
        return tuple(Choice(one.position, one.packs) for one in self.choices)


class DeclineBody(Body):
    reason: Prose
    name: Name | None = None
    why: LossReason | None = None


class ChoiceShape(Shape):
    position: int
    packs: int | None


class RecordShape(Shape):
    """The answer to a revision, computed again when it is read: `faults` is empty while all of it agrees."""

    kind: AnswerKind
    channel: Channel
    at: Moment
    name: str
    note: str
    reason: LossReason | None
    choices: list[ChoiceShape]
    net: MoneyOut
    tax: MoneyOut
    gross: MoneyOut
    signature_kind: SignatureKind
    content_sha256: str
    pdf_sha256: str
    record_sha256: str
    faults: list[str]

    @classmethod
    def of(cls, record: AnswerRecord) -> Self:
        return cls(
            kind=record.kind,
            channel=record.channel,
            at=record.at,
            name=record.name,
            note=record.note,
            reason=record.reason,
            choices=[ChoiceShape(position=c.position, packs=c.packs) for c in record.choices],
            net=MoneyOut.of(record.net),
            tax=MoneyOut.of(record.tax),
            gross=MoneyOut.of(record.gross),
            signature_kind=record.signature_kind,
            content_sha256=record.content_sha256,
            pdf_sha256=record.pdf_sha256,
            record_sha256=record.record_sha256,
            faults=[answering_for("en").faults[fault] for fault in record.faults],
        )
