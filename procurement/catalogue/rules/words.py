"""Words as people type them, taken apart and made alike: plurals, small words, codes, German compounds."""

import re

from procurement.kernel.text import LEAST_LETTERS, fold

MOST_WORDS = 12
LEAST_CODE = 8  # so many figures are a GTIN, not an amount
MOST_CODE = 14
LONGEST_MENDED = 24

# Of the five languages, folded. They say nothing about the thing; a word that is all there is stays.
_SMALL = frozenset(
    """
    a an and for from in of on or the to with without
    aus das dem den der des die ein eine fur im mit oder und von zum zur
    au aux avec d de des du en et l la le les ou par pour un une
    al con el las los o para por una y
    agli ai alla alle allo c da dal dalla degli dei del della delle di gli i il lo nei per s
    """.split()  # noqa: SIM905 (words are read as words)
)
_APART = re.compile(r"['\u2019`\u00b4\"“”«»„(),;:!?]+")
_EDGES = "-./\\&+*#%_"
_INSIDE = re.compile(r"[-./\\&+*_#]+")
_AMOUNT = re.compile(r"([0-9]+)(ml|cl|l|kg|g|mg|cm|mm|m|oz|in|lb|gal)")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def words_of(text: str) -> list[str]:
    """The folded words, each once, without the signs around them; signs stay where there is nothing else."""
    whole = fold(text)
    found = [word.strip(_EDGES) for word in _APART.sub(" ", whole).split()]
    apart: list[str] = []
    for word in found:
        amount = _AMOUNT.fullmatch(word)
        apart.extend(amount.groups() if amount else [word])
    kept = [word for word in apart if word]
    return list(dict.fromkeys(kept or whole.split()))[:MOST_WORDS]


def telling(words: list[str]) -> list[str]:
    """Without the small words; all of them when there is nothing else."""
    return [word for word in words if word not in _SMALL] or words


def squashed(code: str) -> str:
    """A code without its dashes, dots and spaces, folded: alm500."""
    return "".join(mark for mark in fold(code) if mark.isalnum())


def without_zeros(code: str) -> str:
    """Numbers in a code without the zeros they begin with: alm-007 is alm-7."""
    return _ZEROS.sub("", code)


def code_forms(code: str) -> tuple[str, ...]:
    """How a code may be typed: with its signs, without, and with no zeros before a number."""
    folded = fold(code)
    return tuple(dict.fromkeys((folded, squashed(code), squashed(without_zeros(folded)))))


def figures_of(text: str) -> str:
    """The figures of a GTIN typed with spaces or dashes, without the zeros before; "" when it is none."""
    plain = re.sub(r"[\s.-]+", "", fold(text))
    if not (plain.isascii() and plain.isdigit() and LEAST_CODE <= len(plain) <= MOST_CODE + 2):
        return ""
    return plain.lstrip("0")[:MOST_CODE]


def parts_of(word: str) -> list[str]:
    """The pieces of a word joined by signs: sweet-almond is sweet and almond."""
    return [part for part in _INSIDE.split(word) if part]


def stem(word: str) -> str:
    """A word without the endings of number and kind that English, German, French, Spanish and Italian give it.

    Not a word of any of them: only to see that two words are the same.
    """
    if not word.isalpha() or len(word) <= LEAST_LETTERS:
        return word
    short = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word
    if short.endswith("s") and not short.endswith("ss"):
        short = short[:-1]
    if short.endswith("en") and len(short) > 5:
        short = short[:-2]
    if short[-1] in "aeioy" and len(short) > LEAST_LETTERS:
        short = short[:-1]
    return short


def key_of(text: str) -> str:
    """What two ways to write a phrase have in common: its telling words, by their stems."""
    return " ".join(
        stem(part) for word in telling(words_of(text)) for part in parts_of(word) or [word]
    )


def forms_of(word: str) -> list[str]:
    """Beginnings by which the same word in another number is found; the word itself is not among them."""
    if not word.isalpha():
        return []
    short = stem(word)
    is_plural_only = word == short + "s"
    if short == word or (len(short) <= LEAST_LETTERS and not is_plural_only):
        return []
    found = [short]
    if word.endswith("ies") and len(word) > 4:
        found = [word[:-3] + "y"]
    return [form for form in found if len(form) >= LEAST_LETTERS and form != word]


def is_mendable(word: str) -> bool:
    """A code is not guessed: who types a figure means that figure."""
    return LEAST_LETTERS <= len(word) <= LONGEST_MENDED and word.isalpha()


def spelt_words(search_text: str) -> set[str]:
    """The words of a folded text that a misspelt one may have meant."""
    parts = (part for word in _APART.sub(" ", search_text).split() for part in parts_of(word))
    return {part for part in parts if is_mendable(part)}
