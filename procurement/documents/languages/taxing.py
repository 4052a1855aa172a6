"""Why a line is not taxed, as papers say it. A language is one `Untaxed`.

Directive 2006/112/EC, art. 226 (11) asks for the provision or for words that the supply is exempt; (11a) for the words
"Reverse charge", in each language as its version of the Directive has them.
"""
# ruff: noqa: RUF001 (other languages have other marks)

from dataclasses import dataclass

from procurement.kernel.tax_categories import TaxCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class Untaxed:
    exempt: str
    reverse_charge: str
    intra_community: str
    export: str
    outside: str
    between: str = ", "  # and what it rests on
    lines: str  # where two reasons share a code: of which lines

    def why(self, category: TaxCategory, detail: str = "") -> str:
        """The words, and the certificate or number they rest on; empty for what is taxed."""
        words = self._words(category)
        if category is TaxCategory.EXPORT:
            return words  # where to stands above: the address
        return self.between.join((words, detail)) if words and detail else words

    def _words(self, category: TaxCategory) -> str:
        match category:
            case TaxCategory.EXEMPT:
                return self.exempt
            case TaxCategory.REVERSE_CHARGE:
                return self.reverse_charge
            case TaxCategory.INTRA_COMMUNITY:
                return self.intra_community
            case TaxCategory.EXPORT:
                return self.export
            case TaxCategory.OUTSIDE:
                return self.outside
            case _:
                return ""


ENGLISH = Untaxed(
    exempt="Exempt from tax",
    reverse_charge="Reverse charge",
    intra_community="Exempt intra-Community supply (art. 138, Directive 2006/112/EC)",
    export="Exempt export (art. 146, Directive 2006/112/EC)",
    outside="Outside the scope of VAT",
    lines="no. {numbers}",
)
_ALL = {
    "en": ENGLISH,
    "de": Untaxed(
        exempt="Steuerfrei",
        reverse_charge="Steuerschuldnerschaft des Leistungsempfängers",
        intra_community="Steuerfreie innergemeinschaftliche Lieferung (Art. 138 der Richtlinie 2006/112/EG)",
        export="Steuerfreie Ausfuhrlieferung (Art. 146 der Richtlinie 2006/112/EG)",
        outside="Nicht steuerbar",
        lines="Pos. {numbers}",
    ),
    "fr": Untaxed(
        exempt="Exonéré de taxe",
        reverse_charge="Autoliquidation",
        intra_community="Livraison intracommunautaire exonérée (art. 138 de la directive 2006/112/CE)",
        export="Exportation exonérée (art. 146 de la directive 2006/112/CE)",
        outside="Hors du champ d’application de la TVA",
        lines="n° {numbers}",
    ),
    "es": Untaxed(
        exempt="Exento de impuesto",
        reverse_charge="Inversión del sujeto pasivo",
        intra_community="Entrega intracomunitaria exenta (art. 138 de la Directiva 2006/112/CE)",
        export="Exportación exenta (art. 146 de la Directiva 2006/112/CE)",
        outside="Operación no sujeta al IVA",
        lines="n.º {numbers}",
    ),
    "it": Untaxed(
        exempt="Esente da imposta",
        reverse_charge="Inversione contabile",
        intra_community="Cessione intracomunitaria esente (art. 138 della direttiva 2006/112/CE)",
        export="Esportazione esente (art. 146 della direttiva 2006/112/CE)",
        outside="Fuori campo IVA",
        lines="n. {numbers}",
    ),
    "zh": Untaxed(
        exempt="免税",
        reverse_charge="反向征收（由客户申报增值税）",
        intra_community="欧盟内部供货，免征增值税（第2006/112/EC号指令第138条）",
        export="出口货物，免征增值税（第2006/112/EC号指令第146条）",
        outside="不在增值税征税范围内",
        between="，",
        lines="第{numbers}项",
    ),
}


def untaxed_words(locale: str) -> Untaxed:
    """The words of "de_CH" or "de-AT"; English where a language is not spoken here."""
    return _ALL.get(locale.replace("-", "_").partition("_")[0].lower(), ENGLISH)
