"""The fixed words of the forms. Everything else on a paper comes with its content."""

REVISION = "revision {revision}"

NUMBER = "Number"
ORDER = "Order"
RECEIPT = "Receipt"
DATE = "Date"
SUPPLIER_QUOTE = "Your quote"
ORDERED_BY = "Ordered by"
APPROVED = "Approved"
OUR_ORDER = "Our order"
DELIVERY_NOTE = "Delivery note"
RECEIVED_BY = "Received by"

HEAD_PRODUCT = "Product"
HEAD_PRODUCT_ORDER = "Product, your item and ours"
HEAD_QUANTITY = "Quantity"
HEAD_WANTED = "Wanted by"
YOUR_ITEM = "Your item {code}"
OURS = "ours {sku}"
NONE = "–"  # noqa: RUF001 - an en dash stands where there is nothing

TOTAL_GOODS = "Goods"
TOTAL_FREIGHT = "Delivery"
TOTAL_NET = "Total net"
TOTAL_TAX = "{tax}"
TOTAL_TAX_RATE = "{tax} {rate} %"
TOTAL_ORDER = "Order total, {currency}"

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
