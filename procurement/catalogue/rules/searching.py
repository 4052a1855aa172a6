"""What was typed into a search box: its words, and the word that was meant where one is misspelt."""

from collections.abc import Collection, Iterable

from procurement.kernel.text import LEAST_LETTERS, fold

MOST_WORDS = 12
_LONGEST_MENDED = 24


def words_of(text: str) -> list[str]:
    """The folded words, each once."""
    return list(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


def pieces_of(word: str) -> list[str]:
    """Three-letter pieces of a word, and of it with two neighbours swapped: where to look for what was meant."""
    found = dict.fromkeys(_trigrams(word))
    for i in range(len(word) - 1):
        found |= dict.fromkeys(_trigrams(word[:i] + word[i + 1] + word[i] + word[i + 2 :]))
    return list(found)


def is_mendable(word: str) -> bool:
    """A code is not guessed: who types a figure means that figure."""
    return LEAST_LETTERS <= len(word) <= _LONGEST_MENDED and word.isalpha()


def mended(words: Iterable[str], texts: Iterable[str]) -> list[str] | None:
    """The words with the misspelt ones put right from the texts; None where one of them is like nothing there."""
    vocabulary = {word for text in texts for word in text.split()}
    right: list[str] = []
    for word in words:
        if any(word in known for known in vocabulary):
            right.append(word)
            continue
        nearest = _nearest(word, vocabulary) if is_mendable(word) else None
        if nearest is None:
            return None
        right.append(nearest)
    return right


def _nearest(word: str, vocabulary: Collection[str]) -> str | None:
    """Within one mistake, two in longer words; of several the one that begins alike, then the first by letter."""
    allowed = 1 if len(word) <= 5 else 2
    best: tuple[int, bool, str] | None = None
    for known in vocabulary:
        if abs(len(known) - len(word)) > allowed or not known.isalpha():
            continue
        if len(word) == LEAST_LETTERS and sorted(word) != sorted(known):
            continue  # three letters are too few to guess one of them
        mistakes = _mistakes(word, known)
        candidate = (mistakes, known[0] != word[0], known)
        if mistakes <= allowed and (best is None or candidate < best):
            best = candidate
    return best[2] if best else None


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
