"""What a paper for a customer says of its own accord. A language is one `Words`: leave a field out and nothing starts.

Names in braces are filled in by whoever draws; `tests/documents/test_languages.py` sees that every language has the
same ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Pair = tuple[str, str]  # two lines of a column's head; or one and many


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    language: str  # "en", as BCP 47 has it
    own_name: str  # "English", as its speakers write it

    # Head and foot
    quotation: str
    revision_label: str
    revision: str
    replaces: str
    date: str
    valid_until: str
    contact: str
    prepared_for: str
    page: str
    draft: str

    # The table
    number_head: str
    product_head: str
    quantity_head: str
    price_head: Pair
    discount_head: Pair
    tax_head: Pair
    total_head: Pair
    other_items: str
    subtotal: str
    subtotal_plain: str
    optional: str
    optional_hint: str
    instead_of: str
    one_of: str
    one_of_hint: str
    counted_here: str  # beside the alternative that is in the total
    sample: str
    free: str

    # Price breaks
    ladder_title: str
    ladder_head: Pair
    ladder_head_pack: Pair
    ladder_from: str
    ladder_ordered: str
    ladder_saves: Pair
    ladder_more: str
    ladder_best: str

    # Tax and totals
    vat: str
    tax_code: str
    tax_rate: str
    tax_net: str
    tax_amount: str
    rounding_line: str
    rounding_document: str
    total_net: str
    total_to_pay: str
    terms: str

    # The box to sign
    answer_title: str
    answer_text: str
    answer_link_title: str
    answer_link_text: str
    answer_fields: tuple[str, str, str, str]  # name, place and date, signature, order number

    # What is in it
    safety_title: str
    safety_intro: str
    wish_title: str
    wish_nut_free: str
    wish_fragrance_free: str
    wish_vegan: str
    wish_without: str
    wish_met: str
    wish_unmet: str
    safety_care: str
    safety_footnote: str
    ingredients_head: str
    allergens_head: str
    opened_head: Pair
    keeps_head: Pair
    none_named: str
    days: Pair
    months: Pair

    # The mail with it, and the page behind its link
    mail_subject: str
    mail_greeting: str
    mail_offer: str
    mail_link: str
    mail_attached: str
    reminder_subject: str
    reminder_opened: str
    reminder_unopened: str
    download: str
    total_with: str
    net: str
    tax_on: str  # one rate in the sums: code, rate, net
    accepted: str
    declined: str
    lapsed: str
    no_longer: str

    # What people call an allergen's plant, by its English name; and packs, one and many, by their English word
    plants: Mapping[str, str]
    packs: Mapping[str, Pair]
