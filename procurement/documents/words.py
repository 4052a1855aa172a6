"""The fixed words of the forms. Everything else on a paper comes with its content."""

PAGE = "Page {page} of {pages}"
REVISION = "revision {revision}"

NUMBER = "Number"
QUOTE = "Quotation"
ORDER = "Order"
RECEIPT = "Receipt"
REVISION_LABEL = "Revision"
REPLACES = "{revision}, replaces revision {replaces}"
DATE = "Date"
VALID_UNTIL = "Valid until"
CONTACT = "Your contact"
SUPPLIER_QUOTE = "Your quote"
ORDERED_BY = "Ordered by"
APPROVED = "Approved"
OUR_ORDER = "Our order"
DELIVERY_NOTE = "Delivery note"
RECEIVED_BY = "Received by"

HEAD_NUMBER = "No."
HEAD_PRODUCT = "Product"
HEAD_PRODUCT_ORDER = "Product, your item and ours"
HEAD_QUANTITY = "Quantity"
HEAD_PRICE = ("Price, {currency},", "pack and unit")
HEAD_DISCOUNT = ("Discount", "%")
HEAD_TAX = ("{tax}", "code")
HEAD_TOTAL = ("Total, net", "{currency}")
HEAD_WANTED = "Wanted by"
YOUR_ITEM = "Your item {code}"
OURS = "ours {sku}"
NONE = "–"  # noqa: RUF001 - an en dash stands where there is nothing

SUBTOTAL = "Subtotal {title}"
SUBTOTAL_PLAIN = "Subtotal"
OPTIONAL = "Optional"
OPTIONAL_HINT = "tick to add; not included in the totals below"

LADDER_TITLE = "A better price for a few more"
LADDER_HEAD = ("Price per {pack},", "and per {unit}, {currency}")
LADDER_HEAD_PACK = ("Price per {pack},", "{currency}")
LADDER_FROM = "from"
LADDER_ORDERED = "You order"
LADDER_SAVES = ("Saves, {currency}", "per {pack}")
LADDER_MORE = "{packs} more to save"
LADDER_BEST = "best price"

TAX_CODE = "{tax} code"
TAX_RATE = "Rate, %"
TAX_NET = "Net, {currency}"
TAX_AMOUNT = "{tax}, {currency}"
TOTAL_NET = "Total net"
TOTAL_TAX = "{tax}"
TOTAL_TAX_RATE = "{tax} {rate} %"
TOTAL_QUOTE = "Total to pay"
TOTAL_ORDER = "Order total, {currency}"

HEAD_INGREDIENTS = "Ingredients (INCI)"
HEAD_ALLERGENS = "Allergens and care"
HEAD_OPENED = ("Use within,", "once open")
HEAD_SHELF_LIFE = ("Keeps,", "unopened")
OPENED_MONTHS = "{months}M"

HEAD_RECEIVED = "Received"
HEAD_ORDERED = "Outstanding"
HEAD_LOT = "Lot and use-by"
HEAD_PLACE = "Put in"
EXPIRES = "use by {date}"
NO_EXPIRY = "no date"
CHECKED = ("Checked by", "Date", "Driver", "Remarks")

RUN = "Run"
DRAFTED_BY = "Drafted by"
HEAD_TO_PICK = "Pick in {place}"
HEAD_TO_PUT_DOWN = "Put down in {place}"
HEAD_AMOUNT = "Quantity"
WALKED = ("Walked by", "Date", "Remarks")
RECALL_STARTED_BY = "Started by"
RECALL_PROGRESS = "Found"
RECALL_CLOSED = "Closed"
RECALL_PLACES = "Where it stood"
RECALL_CUSTOMERS = "Customers"
RECALL_TREATMENTS = "Treatments"
RECALL_WHERE = "Place"
RECALL_OUTCOME = "What became of it"
RECALL_PAPER = "Paper"
RECALL_WHO = "By"
RECALL_OPEN = "still to be found"

# The request for quotation.
RFQ_ANSWER_BY = "Answer by"
RFQ_ASKED_BY = "Asked by"
RFQ_PRICE = "Price of a pack"
RFQ_DAYS = "Days"
