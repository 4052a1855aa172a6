"""What the seller's country calls the tax on its sales, in the language of the paper; VAT where nothing is said."""

from dataclasses import dataclass, replace

from procurement.documents.languages.words import Pair, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxNames:
    sales_tax: str  # of the states of the USA
    gst: str  # Australia, New Zealand, India, Singapore
    gst_hst: str  # Canada
    consumption: str  # Japan
    head: Pair  # of the narrow column, where a long name has no room
    rounding_line: str
    rounding_document: str


ENGLISH = TaxNames(
    sales_tax="Sales tax",
    gst="GST",
    gst_hst="GST/HST",
    consumption="Consumption tax",
    head=("Tax", "code"),
    rounding_line="{tax} is rounded on each line.",
    rounding_document="{tax} is rounded once for each rate.",
)
_ALL = {
    "en": ENGLISH,
    "de": TaxNames(
        sales_tax="Verkaufssteuer",
        gst="GST",
        gst_hst="GST/HST",
        consumption="Verbrauchsteuer",
        head=("Steuer-", "satz"),
        rounding_line="{tax}: je Position gerundet.",
        rounding_document="{tax}: je Steuersatz einmal gerundet.",
    ),
    "fr": TaxNames(
        sales_tax="Taxe de vente",
        gst="TPS",
        gst_hst="TPS/TVH",
        consumption="Taxe à la consommation",
        head=("Code", "taxe"),
        rounding_line="{tax} : arrondi à chaque ligne.",
        rounding_document="{tax} : arrondi une fois par taux.",
    ),
    "es": TaxNames(
        sales_tax="Impuesto sobre ventas",
        gst="GST",
        gst_hst="GST/HST",
        consumption="Impuesto al consumo",
        head=("Código", "imp."),
        rounding_line="{tax}: se redondea en cada línea.",
        rounding_document="{tax}: se redondea una vez por cada tipo.",
    ),
    "it": TaxNames(
        sales_tax="Imposta sulle vendite",
        gst="GST",
        gst_hst="GST/HST",
        consumption="Imposta sui consumi",
        head=("Codice", "imp."),
        rounding_line="{tax}: arrotondamento su ogni riga.",
        rounding_document="{tax}: arrotondamento una volta per aliquota.",
    ),
    "zh": TaxNames(
        sales_tax="销售税",
        gst="商品及服务税",
        gst_hst="商品及服务税",
        consumption="消费税",
        head=("税率", "代码"),
        rounding_line="{tax}按每行四舍五入。",
        rounding_document="{tax}按每种税率汇总后四舍五入。",
    ),
}
_BY_COUNTRY = {
    "US": "sales_tax",
    **dict.fromkeys(("AU", "NZ", "IN", "SG"), "gst"),
    "CA": "gst_hst",
    "JP": "consumption",
}


def taxed_words(words: Words, country: str) -> Words:
    """The words with the name of the seller's country (ISO 3166) for the tax."""
    names = _ALL.get(words.language, ENGLISH)
    field = _BY_COUNTRY.get(country)
    if field is None:
        return words
    name = str(getattr(names, field))
    return replace(
        words,
        vat=name,
        rounding_line=names.rounding_line.format(tax=name),
        rounding_document=names.rounding_document.format(tax=name),
    )


def tax_head(words: Words, name: str) -> Pair:
    """The head of the column with the tax's code."""
    if name != words.vat:
        return _ALL.get(words.language, ENGLISH).head
    return words.tax_head[0].format(tax=name), words.tax_head[1].format(tax=name)
