"""The application starts without the machinery of papers."""

import subprocess
import sys


def test_reportlab_is_loaded_with_the_first_paper_only():
    program = (
        "import sys, procurement.documents.quote, procurement.documents.purchase_order, "
        "procurement.documents.goods_receipt; sys.exit('reportlab' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
