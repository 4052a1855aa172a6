"""What the papers of an order say: confirmation, proforma, pick list, delivery note. A language is one `Delivering`."""
# ruff: noqa: RUF001 (other languages have other marks)

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    confirmation: str
    proforma: str
    credit_note: str
    credited: str  # the sum of a credit note
    pick_list: str
    delivery_note: str
    order: str
    shipment: str
    your_order: str
    your_code: str  # what the customer calls a pack
    quotation: str
    date: str
    delivery: str  # the day it is wanted
    deliver_to: str
    sent_with: str
    heads: tuple[str, str, str, str]  # product, quantity, lot, place
    use_by: str
    done: str  # what stands where a service has no lot
    backordered: str
    to_sign: tuple[str, str, str]
    picked_by: tuple[str, str]
    proforma_note: str
    prepay_note: str  # on a proforma that asks for money
    reversed: str


ENGLISH = Delivering(
    confirmation="Order confirmation",
    proforma="Proforma invoice",
    credit_note="Credit note",
    credited="Total credited",
    pick_list="Pick list",
    delivery_note="Delivery note",
    order="Order",
    shipment="Shipment",
    your_order="Your order",
    your_code="your code {code}",
    quotation="Quotation",
    date="Date",
    delivery="Delivery",
    deliver_to="Deliver to",
    sent_with="Sent with",
    heads=("Product", "Quantity", "Lot and use-by", "Place"),
    use_by="use by {date}",
    done="done",
    backordered="{packs} to follow",
    to_sign=("Received by", "Date", "Signature"),
    picked_by=("Picked by", "Date"),
    proforma_note="This is no invoice: it asks for no payment and gives no right to deduct tax.",
    prepay_note=(
        "Please pay in advance and name the order: we ship when the payment is here. This is no invoice "
        "and gives no right to deduct tax."
    ),
    reversed="TAKEN BACK",
)
GERMAN = Delivering(
    confirmation="Auftragsbestätigung",
    proforma="Proformarechnung",
    credit_note="Gutschrift",
    credited="Gutgeschriebener Betrag",
    pick_list="Packliste",
    delivery_note="Lieferschein",
    order="Auftrag",
    shipment="Lieferung",
    your_order="Ihre Bestellung",
    your_code="Ihre Art.-Nr. {code}",
    quotation="Angebot",
    date="Datum",
    delivery="Liefertermin",
    deliver_to="Lieferanschrift",
    sent_with="Versand mit",
    heads=("Artikel", "Menge", "Charge und Haltbarkeit", "Platz"),
    use_by="haltbar bis {date}",
    done="erbracht",
    backordered="{packs} folgen",
    to_sign=("Erhalten von", "Datum", "Unterschrift"),
    picked_by=("Gepackt von", "Datum"),
    proforma_note="Dies ist keine Rechnung; sie fordert keine Zahlung und berechtigt nicht zum Vorsteuerabzug.",
    prepay_note=(
        "Bitte zahlen Sie im Voraus unter Angabe der Auftragsnummer; wir liefern nach Zahlungseingang. "
        "Dies ist keine Rechnung und berechtigt nicht zum Vorsteuerabzug."
    ),
    reversed="ZURÜCKGENOMMEN",
)
FRENCH = Delivering(
    confirmation="Confirmation de commande",
    proforma="Facture pro forma",
    credit_note="Avoir",
    credited="Total crédité TTC",
    pick_list="Liste de préparation",
    delivery_note="Bon de livraison",
    order="Commande",
    shipment="Livraison",
    your_order="Votre commande",
    your_code="votre réf. {code}",
    quotation="Devis",
    date="Date",
    delivery="Livraison le",
    deliver_to="Adresse de livraison",
    sent_with="Envoi par",
    heads=("Article", "Quantité", "Lot et date limite", "Emplacement"),
    use_by="à utiliser avant le {date}",
    done="effectué",
    backordered="{packs} à suivre",
    to_sign=("Reçu par", "Date", "Signature"),
    picked_by=("Préparé par", "Date"),
    proforma_note="Ce document n’est pas une facture : il n’appelle aucun paiement et n’ouvre aucun droit à déduction.",
    prepay_note=(
        "Merci de payer d’avance en indiquant le numéro de commande ; nous expédions dès réception du "
        "paiement. Ce document n’est pas une facture et n’ouvre aucun droit à déduction."
    ),
    reversed="ANNULÉ",
)
SPANISH = Delivering(
    confirmation="Confirmación de pedido",
    proforma="Factura proforma",
    credit_note="Nota de abono",
    credited="Total abonado",
    pick_list="Lista de preparación",
    delivery_note="Albarán",
    order="Pedido",
    shipment="Envío",
    your_order="Su pedido",
    your_code="su referencia {code}",
    quotation="Presupuesto",
    date="Fecha",
    delivery="Entrega",
    deliver_to="Dirección de entrega",
    sent_with="Enviado con",
    heads=("Artículo", "Cantidad", "Lote y caducidad", "Ubicación"),
    use_by="usar antes del {date}",
    done="realizado",
    backordered="{packs} pendientes",
    to_sign=("Recibido por", "Fecha", "Firma"),
    picked_by=("Preparado por", "Fecha"),
    proforma_note="Este documento no es una factura: no exige pago ni da derecho a deducción.",
    prepay_note=(
        "Rogamos el pago por adelantado indicando el número de pedido; enviamos al recibir el pago. "
        "Este documento no es una factura ni da derecho a deducción."
    ),
    reversed="ANULADO",
)
ITALIAN = Delivering(
    confirmation="Conferma d’ordine",
    proforma="Fattura proforma",
    credit_note="Nota di credito",
    credited="Totale accreditato",
    pick_list="Lista di prelievo",
    delivery_note="Documento di consegna",
    order="Ordine",
    shipment="Spedizione",
    your_order="Vostro ordine",
    your_code="vostro codice {code}",
    quotation="Offerta",
    date="Data",
    delivery="Consegna",
    deliver_to="Indirizzo di consegna",
    sent_with="Spedito con",
    heads=("Articolo", "Quantità", "Lotto e scadenza", "Posto"),
    use_by="usare entro il {date}",
    done="eseguito",
    backordered="{packs} a seguire",
    to_sign=("Ricevuto da", "Data", "Firma"),
    picked_by=("Preparato da", "Data"),
    proforma_note="Questo documento non è una fattura: non richiede pagamento e non dà diritto a detrazione.",
    prepay_note=(
        "Si prega di pagare in anticipo indicando il numero d’ordine; spediamo al ricevimento del "
        "pagamento. Questo documento non è una fattura e non dà diritto a detrazione."
    ),
    reversed="ANNULLATO",
)
CHINESE = Delivering(
    confirmation="订单确认",
    proforma="形式发票",
    credit_note="贷项通知单",
    credited="贷记总额",
    pick_list="拣货单",
    delivery_note="送货单",
    order="订单",
    shipment="发货",
    your_order="贵方订单",
    your_code="贵方编码 {code}",
    quotation="报价单",
    date="日期",
    delivery="交货",
    deliver_to="收货地址",
    sent_with="承运",
    heads=("产品", "数量", "批号与有效期", "库位"),
    use_by="有效期至 {date}",
    done="已完成",
    backordered="{packs} 待发",
    to_sign=("收货人", "日期", "签名"),
    picked_by=("拣货人", "日期"),
    proforma_note="本文件不是发票：不要求付款，也不作为抵扣凭证。",
    prepay_note="请预付款并注明订单号，我们收到款项后发货。本文件不是发票，也不作为抵扣凭证。",
    reversed="已撤回",
)
_BY_LANGUAGE = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "zh": CHINESE,
}


def delivering_words(locale: str) -> Delivering:
    """The words of a locale's language; English where it is not spoken."""
    return _BY_LANGUAGE.get(locale.replace("-", "_").partition("_")[0], ENGLISH)
