"""Forms that a customer sees: their labels and refusals in the language the page speaks."""

from typing import Any, ClassVar

from procurement.documents.languages import ANSWERING
from procurement.documents.languages.answering import Answering
from procurement.kernel.errors import DomainError
from procurement.sales.errors import OtherTotal
from procurement.sales.queries.papers import money_said
from procurement.web.fields import TextField
from procurement.web.forms import BaseForm
from procurement.web.speaking import ENGLISH, speak


class SpokenForm(BaseForm):
    """`WORDS` names the word of `Answering` for each field's label."""

    WORDS: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.refusal: DomainError | None = None

    def blame(self, error: DomainError) -> None:
        self.refusal = error
        super().blame(error)

    def speak(self, locale: str) -> None:
        """Say everything in a locale's language. English messages are more exact, so they stay as they are."""
        say = speak(locale)
        for name, word in self.WORDS.items():
            self[name].label.text = getattr(say, word)
        if say is ANSWERING[ENGLISH]:
            return
        for field in self:
            if field.errors:
                field.errors = [_said(field, say)]
        if self.form_errors:
            self.form_errors[:] = [self._refused(say, locale)]

    def _refused(self, say: Answering, locale: str) -> str:
        if isinstance(self.refusal, OtherTotal):
            return say.other_total.format(total=money_said(self.refusal.total, locale))
        return say.not_offered if self.refusal else say.cannot_be_used


def _said(field: Any, say: Answering) -> str:
    """Why a field's value was not taken, told from the value."""
    typed = str((field.raw_data or [""])[0])
    if not typed.strip():
        return say.fill_in
    if isinstance(field, TextField) and len(typed.strip()) > field.most:
        return say.too_long.format(most=field.most)
    return say.sign_again if field.short_name == "signature" else say.cannot_be_used
