"""What one product looks like, in the words of the catalogue files."""

from collections.abc import Mapping
from dataclasses import dataclass

from procurement.demo.pictures.brush import Colour, colour


@dataclass(frozen=True, slots=True)
class Look:
    """A shape by name, its colours, and what stands on its label."""

    shape: str
    words: Mapping[str, str | int | bool]

    def colour(self, key: str, default: str = "#8C8577") -> Colour:
        value = self.words.get(key, default)
        if not isinstance(value, str) or not value.startswith("#"):
            raise ValueError(f"{self.shape}: {key} must be a colour such as #A8621E.")
        return colour(value)

    def text(self, key: str) -> str:
        return str(self.words.get(key, ""))

    def number(self, key: str, default: int) -> int:
        value = self.words.get(key, default)
        if not isinstance(value, int):
            raise TypeError(f"{self.shape}: {key} must be a whole number.")
        return value

    def has(self, key: str) -> bool:
        return bool(self.words.get(key, False))

    def but(self, **words: str) -> "Look":
        """The same look with other words."""
        return Look(self.shape, {**self.words, **words})
