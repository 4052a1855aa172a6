"""What our mails about orders say to a customer, beside the words that papers and links have already."""
# ruff: noqa: RUF001 (other languages have other marks)

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    choices: str  # the line above the way to choose which mails one gets
    received_subject: str
    received: str
    pay_first: str
    accepted_subject: str
    accepted: str
    shipped_subject: str
    shipped: str
    sent_with: str  # carrier and number
    note_attached: str
    more_to_come: str


ENGLISH = Writing(
    choices="You choose which of these mails you get:",
    received_subject="We have your order {number}, {company}",
    received=(
        "thank you for your order{reference}. It is with us as {number}, for {total} with {tax}. "
        "We confirm it shortly."
    ),
    pay_first="Please pay before we ship; the proforma invoice stands with the order in your account.",
    accepted_subject="You accepted {label}, {company}",
    accepted=(
        "thank you. On {date} {name} accepted our quotation {label}, for {total} with {tax}. We "
        "take care of everything else."
    ),
    shipped_subject="Your order {number} is on its way, {company}",
    shipped="your order {number}{reference} has left us today as shipment {shipment}.",
    sent_with="Sent with: {carrier}",
    note_attached="What is in it stands in the attached delivery note.",
    more_to_come="The rest of the order follows.",
)
GERMAN = Writing(
    choices="Welche dieser Mails Sie bekommen, wählen Sie hier:",
    received_subject="Wir haben Ihre Bestellung {number}, {company}",
    received=(
        "vielen Dank für Ihre Bestellung{reference}. Sie liegt uns als {number} vor, über {total} "
        "(inkl. {tax}). Wir bestätigen sie in Kürze."
    ),
    pay_first="Bitte zahlen Sie vor dem Versand; die Proformarechnung steht bei der Bestellung in Ihrem Konto.",
    accepted_subject="Sie haben {label} angenommen, {company}",
    accepted=(
        "vielen Dank. Am {date} hat {name} unser Angebot {label} über {total} inkl. {tax} "
        "angenommen. Um alles Weitere kümmern wir uns."
    ),
    shipped_subject="Ihre Bestellung {number} ist unterwegs, {company}",
    shipped="Ihre Bestellung {number}{reference} hat heute unser Haus als Lieferung {shipment} verlassen.",
    sent_with="Versand mit: {carrier}",
    note_attached="Was darin ist, steht im beigefügten Lieferschein.",
    more_to_come="Der Rest der Bestellung folgt.",
)
FRENCH = Writing(
    choices="Pour choisir les messages que vous recevez :",
    received_subject="Votre commande {number} nous est parvenue, {company}",
    received=(
        "merci de votre commande{reference}. Elle porte chez nous le n° {number}, pour {total} "
        "{tax} comprise. Nous la confirmons sous peu."
    ),
    pay_first=(
        "Merci de régler avant l’expédition ; la facture pro forma se trouve avec la commande dans "
        "votre compte."
    ),
    accepted_subject="Vous avez accepté {label}, {company}",
    accepted=(
        "merci. Le {date}, {name} a accepté notre devis {label}, pour {total} {tax} comprise. Nous "
        "nous occupons de la suite."
    ),
    shipped_subject="Votre commande {number} est en route, {company}",
    shipped="votre commande {number}{reference} est partie aujourd’hui, livraison {shipment}.",
    sent_with="Envoi par : {carrier}",
    note_attached="Son contenu figure dans le bon de livraison joint.",
    more_to_come="Le reste de la commande suivra.",
)
SPANISH = Writing(
    choices="Elija aquí qué mensajes recibe:",
    received_subject="Tenemos su pedido {number}, {company}",
    received=(
        "gracias por su pedido{reference}. Lo tenemos como {number}, por {total} con {tax}. Lo "
        "confirmaremos en breve."
    ),
    pay_first="Le rogamos que pague antes del envío; la factura proforma está con el pedido en su cuenta.",
    accepted_subject="Ha aceptado {label}, {company}",
    accepted=(
        "gracias. El {date}, {name} aceptó nuestro presupuesto {label}, por {total} con {tax}. "
        "Nosotros nos ocupamos de lo demás."
    ),
    shipped_subject="Su pedido {number} está en camino, {company}",
    shipped="su pedido {number}{reference} ha salido hoy como envío {shipment}.",
    sent_with="Enviado con: {carrier}",
    note_attached="Su contenido figura en el albarán adjunto.",
    more_to_come="El resto del pedido llegará más adelante.",
)
ITALIAN = Writing(
    choices="Per scegliere quali messaggi ricevere:",
    received_subject="Abbiamo ricevuto il vostro ordine {number}, {company}",
    received=(
        "grazie per il vostro ordine{reference}. È da noi con il numero {number}, per {total} con "
        "{tax}. Lo confermeremo a breve."
    ),
    pay_first=(
        "Vi preghiamo di pagare prima della spedizione; la fattura proforma è con l’ordine nel "
        "vostro conto."
    ),
    accepted_subject="Avete accettato {label}, {company}",
    accepted=(
        "grazie. Il {date} {name} ha accettato la nostra offerta {label}, per {total} con {tax}. "
        "Al resto pensiamo noi."
    ),
    shipped_subject="Il vostro ordine {number} è in viaggio, {company}",
    shipped="il vostro ordine {number}{reference} è partito oggi come spedizione {shipment}.",
    sent_with="Inviato con: {carrier}",
    note_attached="Il contenuto è nel documento di trasporto allegato.",
    more_to_come="Il resto dell’ordine seguirà.",
)
CHINESE = Writing(
    choices="您可以在此选择接收哪些邮件：",
    received_subject="我们已收到您的订单 {number}，{company}",
    received="感谢您的订单{reference}。编号为 {number}，含{tax}总额 {total}。我们会尽快确认。",
    pay_first="请在发货前付款；形式发票见您账户中的订单。",
    accepted_subject="您已接受 {label}，{company}",
    accepted="谢谢。{name} 已于 {date} 接受我们的报价 {label}，含{tax}总额 {total}。其余事宜由我们办理。",
    shipped_subject="您的订单 {number} 已发出，{company}",
    shipped="您的订单 {number}{reference} 已于今日发出，发货单号 {shipment}。",
    sent_with="承运：{carrier}",
    note_attached="内容见所附送货单。",
    more_to_come="订单其余部分将陆续发出。",
)
WRITING = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "zh": CHINESE,
}


def writing_for(locale: str) -> Writing:
    """The words of "de_CH" or "de-AT"; English where a language is not spoken here."""
    return WRITING.get(locale.replace("-", "_").partition("_")[0].lower(), ENGLISH)
