"""What the price list and the catalogue to take along say. A language is one `TakingAway`."""
# ruff: noqa: RUF001 (other languages have other marks)

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingAway:
    price_list: str
    catalogue: str
    contents: str
    index: str
    ingredients: str  # the second index
    note: str  # above the prices
    unpriced: str  # where a paper shows none
    others: str  # products of no category
    date: str
    customer: str
    currency: str
    code: str
    product: str
    pack: str
    price: str
    more: str  # prices from a number of packs on
    retail: str
    from_packs: str
    on_request: str
    page: str
    made_of: str
    allergens: str
    nut_free: str
    fragrance_free: str
    vegan: str
    organic: str


ENGLISH = TakingAway(
    price_list="Price list",
    catalogue="Catalogue",
    contents="Contents",
    index="Index",
    ingredients="Ingredients and where they are",
    note="Prices of {date} for one pack, in {currency}, before tax. What counts is the price on the day you order.",
    unpriced="Prices on request.",
    others="Other products",
    date="Date",
    customer="Customer",
    currency="Currency",
    code="Code, GTIN",
    product="Product",
    pack="Pack",
    price="Price",
    more="Larger numbers",
    retail="Retail",
    from_packs="from {packs}: {price}",
    on_request="on request",
    page="Page",
    made_of="Ingredients",
    allergens="Allergens",
    nut_free="nut-free",
    fragrance_free="fragrance-free",
    vegan="vegan",
    organic="organic",
)
GERMAN = TakingAway(
    price_list="Preisliste",
    catalogue="Katalog",
    contents="Inhalt",
    index="Register",
    ingredients="Inhaltsstoffe und wo sie vorkommen",
    note="Preise vom {date} je Packung, in {currency}, ohne Steuer. Es gilt der Preis am Tag Ihrer Bestellung.",
    unpriced="Preise auf Anfrage.",
    others="Weitere Produkte",
    date="Datum",
    customer="Kunde",
    currency="Währung",
    code="Code, GTIN",
    product="Produkt",
    pack="Packung",
    price="Preis",
    more="Größere Mengen",
    retail="Ladenpreis",
    from_packs="ab {packs}: {price}",
    on_request="auf Anfrage",
    page="Seite",
    made_of="Inhaltsstoffe",
    allergens="Allergene",
    nut_free="ohne Nüsse",
    fragrance_free="ohne Duftstoffe",
    vegan="vegan",
    organic="bio",
)
FRENCH = TakingAway(
    price_list="Tarif",
    catalogue="Catalogue",
    contents="Sommaire",
    index="Index",
    ingredients="Ingrédients et où les trouver",
    note="Prix du {date} par conditionnement, en {currency}, hors taxes. Le prix du jour de la commande fait foi.",
    unpriced="Prix sur demande.",
    others="Autres produits",
    date="Date",
    customer="Client",
    currency="Devise",
    code="Référence, GTIN",
    product="Produit",
    pack="Conditionnement",
    price="Prix",
    more="Par quantité",
    retail="Prix public",
    from_packs="dès {packs} : {price}",
    on_request="sur demande",
    page="Page",
    made_of="Ingrédients",
    allergens="Allergènes",
    nut_free="sans fruits à coque",
    fragrance_free="sans parfum",
    vegan="végan",
    organic="bio",
)
SPANISH = TakingAway(
    price_list="Lista de precios",
    catalogue="Catálogo",
    contents="Contenido",
    index="Índice",
    ingredients="Ingredientes y dónde están",
    note="Precios del {date} por envase, en {currency}, sin impuestos. Vale el precio del día del pedido.",
    unpriced="Precios a consultar.",
    others="Otros productos",
    date="Fecha",
    customer="Cliente",
    currency="Moneda",
    code="Código, GTIN",
    product="Producto",
    pack="Envase",
    price="Precio",
    more="Por cantidad",
    retail="Venta al público",
    from_packs="desde {packs}: {price}",
    on_request="a consultar",
    page="Página",
    made_of="Ingredientes",
    allergens="Alérgenos",
    nut_free="sin frutos secos",
    fragrance_free="sin perfume",
    vegan="vegano",
    organic="ecológico",
)
ITALIAN = TakingAway(
    price_list="Listino prezzi",
    catalogue="Catalogo",
    contents="Sommario",
    index="Indice",
    ingredients="Ingredienti e dove si trovano",
    note="Prezzi del {date} per confezione, in {currency}, senza imposte. Vale il prezzo del giorno dell'ordine.",
    unpriced="Prezzi su richiesta.",
    others="Altri prodotti",
    date="Data",
    customer="Cliente",
    currency="Valuta",
    code="Codice, GTIN",
    product="Prodotto",
    pack="Confezione",
    price="Prezzo",
    more="Per quantità",
    retail="Al pubblico",
    from_packs="da {packs}: {price}",
    on_request="su richiesta",
    page="Pagina",
    made_of="Ingredienti",
    allergens="Allergeni",
    nut_free="senza frutta a guscio",
    fragrance_free="senza profumo",
    vegan="vegano",
    organic="biologico",
)
CHINESE = TakingAway(
    price_list="价目表",
    catalogue="产品目录",
    contents="目录",
    index="索引",
    ingredients="成分及所在页码",
    note="{date} 每包装价格，货币 {currency}，不含税。以下单当日价格为准。",
    unpriced="价格请询问。",
    others="其他产品",
    date="日期",
    customer="客户",
    currency="货币",
    code="编号、GTIN",
    product="产品",
    pack="包装",
    price="价格",
    more="批量价格",
    retail="零售价",
    from_packs="{packs} 起：{price}",
    on_request="请询价",
    page="页码",
    made_of="成分",
    allergens="过敏原",
    nut_free="不含坚果",
    fragrance_free="不含香料",
    vegan="纯素",
    organic="有机",
)
TAKING_AWAY = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "zh": CHINESE,
}


def taking_away_words(locale: str) -> TakingAway:
    """Those of a locale's language; English where it is not spoken."""
    return TAKING_AWAY.get(locale.replace("-", "_").partition("_")[0].lower(), ENGLISH)
