"""The word that was meant where one is misspelt."""

from collections.abc import Iterable

from procurement.kernel.text import LEAST_LETTERS

_WORTH_A_LOOK = 60


def pieces_of(word: str) -> list[str]:
    """Three-letter pieces of a word, and of it with two neighbours swapped: where to look for what was meant."""
    found = dict.fromkeys(_trigrams(word))
    for i in range(len(word) - 1):
        found |= dict.fromkeys(_trigrams(word[:i] + word[i + 1] + word[i] + word[i + 2 :]))
    return list(found)


def nearest(word: str, vocabulary: Iterable[str], most: int = 3) -> list[str]:
    """Known words within one mistake, two in longer ones; of those that share most pieces.

    The fewest mistakes first, then what begins alike, then letters swapped before letters forgotten before letters
    added.
    """
    pieces = set(pieces_of(word))
    allowed = 1 if len(word) <= 5 else 2
    alike = [
        (-len(pieces.intersection(_trigrams(known))), known)
        for known in set(vocabulary)
        if abs(len(known) - len(word)) <= allowed
    ]
    found: list[tuple[int, bool, int, int, bool, str]] = []
    for _, known in sorted(alike)[:_WORTH_A_LOOK]:
        if len(word) == LEAST_LETTERS and sorted(word) != sorted(known):
            continue  # three letters are too few to guess one of them
        mistakes = _mistakes(word, known)
        if 0 < mistakes <= allowed:
            longer = len(known) - len(word)
            begins, ends = known[0] == word[0], known[-1] == word[-1]
            found.append((mistakes, not begins, abs(longer), -longer, not ends, known))
    return [known for *_, known in sorted(found)[:most]]


def _trigrams(word: str) -> list[str]:
    return [word[i : i + 3] for i in range(len(word) - 2)]


def _mistakes(typed: str, meant: str) -> int:
    """Letters wrong, missing or too many, and neighbours swapped: the fewest of them that explain the word."""
    before: list[int] = []
    last = list(range(len(meant) + 1))
    for i, letter in enumerate(typed, start=1):
        row = [i]
        for j, other in enumerate(meant, start=1):
            fewest = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == other:
                fewest = min(fewest, before[j - 2] + 1)
            row.append(fewest)
        before, last = last, row
    return last[-1]
