"""A paper for a customer in every language: no word missing, none left in English, all of them printed and copied."""

import io
import string
from dataclasses import fields, replace
from decimal import Decimal

import pypdf
import pytest

from procurement.catalogue.rules.allergen_table import allergen_table
from procurement.catalogue.rules.allergens import PLANTS
from procurement.documents.content import QuoteSection
from procurement.documents.languages import ANSWERING, LANGUAGES, is_spoken, words_for
from procurement.documents.languages.answering import Answering
from procurement.documents.languages.tax_names import taxed_words
from procurement.documents.languages.taxing import untaxed_words
from procurement.documents.languages.words import Words
from procurement.documents.quote import render_quote
from procurement.kernel.tax_categories import TaxCategory
from procurement.sales.rules.speaking import pack_said, paper_locale
from tests.documents.papers import a_ladder, a_line, a_quote, plain, text_of

# Words that two languages write alike.
ALIKE = {
    "date",
    "contact",
    "optional",
    "revision_label",
    "ladder_from",
    "subtotal",
    "subtotal_plain",
}
ALIKE |= {"wish_vegan"} | {
    "total_to_pay",
    "answer_fields",
    "tax_amount",
    "net",
    "tax_on",
    "page",
    "terms",
    "months",
}
ALIKE |= {"signature", "total", "browser", "chosen_line"}
ENGLISH = LANGUAGES["en"]


def texts(words: Words | Answering) -> dict[str, tuple[str, ...]]:
    found = {}
    for one in fields(words):
        value = getattr(words, one.name)
        if isinstance(value, str | tuple):
            found[one.name] = (value,) if isinstance(value, str) else value
        elif isinstance(words, Answering):
            found |= {f"{one.name}.{key}": (text,) for key, text in value.items()}
    return found


def names_in(parts: tuple[str, ...]) -> set[str]:
    return {name for part in parts for _, name, _, _ in string.Formatter().parse(part) if name}


@pytest.mark.parametrize("spoken", [LANGUAGES, ANSWERING], ids=["paper", "page"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_missing_or_english(language, spoken):
    words, english = texts(spoken[language]), texts(spoken["en"])
    assert words.keys() == english.keys()
    for name, parts in words.items():
        assert all(part.strip() for part in parts), name
        if language != "en" and name not in ALIKE:
            assert parts != english[name], name
        # Chinese has no article for a tax: its heads may leave the name of the tax out.
        missing = names_in(english[name]) - names_in(parts)
        assert missing <= ({"tax"} if language == "zh" else set()), name
        assert names_in(parts) <= names_in(english[name]), name


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_allergen_and_every_pack_is_translated(language):
    assert LANGUAGES[language].plants.keys() == {
        rule.allergen for rule in allergen_table().rules if rule.group in PLANTS
    }
    assert LANGUAGES[language].packs.keys() == LANGUAGES["de"].packs.keys()


@pytest.mark.parametrize(
    ("language", "total", "issued", "valid"),
    [
        ("en", "2,993.24", "Mon, Nov 23, 2026", "Fri, Dec 18, 2026"),
        ("de", "2.993,24", "Mo., 23. Nov. 2026", "Fr., 18. Dez. 2026"),
        ("fr", "2 993,24", "lun. 23 nov. 2026", "ven. 18 déc. 2026"),
        ("es", "2.993,24", "lun, 23 de noviembre de 2026", "vie, 18 de diciembre de 2026"),
        ("it", "2.993,24", "lun 23 nov 2026", "ven 18 dic 2026"),
        ("zh", "2,993.24", "2026年11月23日周一", "2026年12月18日周五"),
    ],
)
def test_a_quote_is_written_and_copied_in_the_language(language, total, issued, valid):
    words = words_for(language)
    section = QuoteSection((a_line("1.1", ladder=a_ladder()),), "1", "Oil", Decimal("271.32"))
    content = a_quote(
        sections=(section,),
        options=(a_line("O.1"),),
        locale=language,
        title=words.quotation,
        tax_word=words.vat,
    )
    pdf = render_quote(content)
    copied = plain(text_of(pdf))
    told = (total, issued, valid, words.quotation, words.optional, words.optional_hint)
    told += (words.total_to_pay, words.ladder_title, words.page.format(page=1, pages=2))
    told += (words.subtotal.format(title="Oil"), words.product_head, words.valid_until)
    for text in told:
        assert plain(text) in copied, text
    # What is read first stands first, whatever the language.
    places = [
        copied.index(plain(text))
        for text in (words.valid_until, words.product_head, words.optional_hint, words.total_to_pay)
    ]
    assert places == sorted(places)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.root_object["/Lang"] == language
    assert reader.metadata.title == f"{words.quotation} Q-2026-0418"
    assert words.optional in [entry.title for entry in reader.outline]


@pytest.mark.parametrize(
    ("wanted", "own", "locale"),
    [
        ("en", "en_IE", "en_IE"),
        ("de", "en_IE", "de"),
        ("de-AT", "en_IE", "de_AT"),
        ("de_XX", "en_IE", "de"),
        ("en_US", "en_DE", "en_US"),
        ("pt", "en_IE", "en_IE"),
        ("zh_TW", "en_IE", "zh_TW"),
        ("", "en_GB", "en_GB"),
        ("english", "en_GB", "en_GB"),
    ],
)
def test_a_customer_is_written_to_in_their_language_or_in_ours(wanted, own, locale):
    assert paper_locale(wanted, own) == locale
    assert is_spoken(locale)


def test_packs_are_counted_in_the_language():
    german = words_for("de")
    assert [pack_said(german, "Case of 12", n) for n in (1, 2)] == ["Karton", "Kartons"]
    assert pack_said(words_for("en"), "Case of 12", 2) == "cases"
    assert pack_said(german, "Holzkiste", 3) == "Holzkiste"


def test_a_language_cannot_be_made_without_every_word():
    with pytest.raises(TypeError, match="missing"):
        Words(language="xx")  # type: ignore[call-arg]
    assert replace(ENGLISH, language="xx").quotation == "Quotation"


@pytest.mark.parametrize(
    ("language", "country", "name"),
    [
        ("en", "IE", "VAT"),
        ("en", "", "VAT"),
        ("en", "US", "Sales tax"),
        ("en", "AU", "GST"),
        ("fr", "CA", "TPS/TVH"),
        ("de", "US", "Verkaufssteuer"),
        ("zh", "JP", "消费税"),
    ],
)
def test_the_tax_has_the_name_of_the_sellers_country(language, country, name):
    words = taxed_words(LANGUAGES[language], country)
    assert words.vat == name
    told = (words.rounding_line, words.rounding_document)
    assert all(name in line for line in told)
    quote = replace(a_quote([a_line()]), locale=language, tax_word=name, rounding=told[0])
    text = plain(text_of(render_quote(quote)))
    assert plain(name) in text
    said = text.replace("VATIE", "")  # the number in the foot of the page
    assert country in {"IE", ""} or plain(LANGUAGES[language].vat) not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_a_line_is_untaxed_is_said_in_every_language(language):
    words, english = untaxed_words(language), untaxed_words("en")
    for category in TaxCategory:
        said = words.why(category, "X-1")
        assert bool(said) == category.needs_reason
        assert language == "en" or not said or said != english.why(category, "X-1")
