"""The files that the house rules speak about."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = [ROOT / "dev.py", ROOT / "config.py", *sorted((ROOT / "procurement").rglob("*.py"))]


def tracked_files() -> list[Path]:
    """Every text file under version control."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    files = [ROOT / name for name in listing.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and b"\0" not in file.read_bytes()[:8000]]


def lines_of(files: list[Path]) -> list[tuple[str, str]]:
    """Each line with where it stands."""
    return [
        (f"{file.relative_to(ROOT)}:{number}", line)
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    ]
