"""What the pages behind a private link say of their own accord, and the paper that proves an answer. No defaults."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    # The frame of a page, and of any form
    skip: str
    close_message: str
    optional_field: str
    error: str
    look_again: str

    # Choosing
    answer: str  # the button that leads to the form
    how_much: str
    if_taken: str
    of_it: str
    each: str
    as_suggested: str
    options: str
    before_tax: str
    show_total: str
    accept_for: str

    # Answering
    your_name: str
    note: str
    signature: str
    typed_signs: str
    draw_here: str
    draw_label: str
    clear: str
    not_this_time: str
    decline: str
    why: str
    rather_not: str
    reasons: Mapping[str, str]  # by LossReason
    different: str

    # Asking
    question_first: str
    what_was_asked: str
    ask_us: str
    your_question: str
    ask: str
    question_sent: str

    # What cannot be taken
    fill_in: str
    too_long: str
    cannot_be_used: str
    other_total: str
    not_offered: str
    sign_again: str

    # The record of an answer
    record_accepted: str
    record_declined: str
    by: str
    when: str
    total: str
    signed: str
    signed_how: Mapping[str, str]  # by SignatureKind
    signature_of: str
    certificate: str
    how_proved: str
    not_proved: str
    fingerprints: str
    all_agree: str
    faults: Mapping[str, str]  # by Fault
    proof_pdf: str
    proof_offer: str
    proof_record: str

    # The certificate
    acceptance: str
    accepted_at: str
    came_from: str
    browser: str
    not_known: str
    said: str
    chosen: str
    chosen_line: str
    unchanged: str
    signed_long: Mapping[str, str]  # by SignatureKind
    sums: str
    agreed_then: str

    # A link that leads no further
    replaced: tuple[str, str]  # title and text
    withdrawn: tuple[str, str]
    ended: tuple[str, str]

    # The thread of a message, and its mail
    message_to: str
    only_products: str
    asked_for: str
    hoped: str
    write_again: str
    send: str
    message_sent: str
    mail_subject: str
    mail_write_again: str

    # The mail with an order's confirmation
    order_thanks: str
    your_order: str
    order_attached: str
