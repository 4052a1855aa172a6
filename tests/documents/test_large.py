"""A quote of 2,000 lines, drawn in seconds and in little memory; the limits are those of the promise."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import time
from pathlib import Path
from tests.documents.papers import a_line, a_picture, a_quote
from procurement.documents.quote import render_quote
pictures = [a_picture(f"#{shade:02X}80B0") for shade in range(0, 240, 4)]
lines = [a_line(n, f"Sweet Almond Oil {n}", picture=pictures[n % 60]) for n in range(1, 2001)]
begun = time.perf_counter()
pdf = render_quote(a_quote(lines))
seconds = time.perf_counter() - begun
# The peak of this program alone; what getrusage says may be that of the program that began it.
status = Path("/proc/self/status").read_text()
print(seconds, status.partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells no peak of memory")
def test_two_thousand_lines_take_less_than_thirty_seconds_and_three_hundred_megabytes():
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    seconds, kilobytes = (float(part) for part in run.stdout.split())
    assert seconds < 30
    assert kilobytes < 300 * 1024
