"""The script that a page of the built dashboard loads at first, compressed as the desk sends it."""

import gzip
import re
from pathlib import Path

from config.settings import ROOT

BUILT = ROOT / "admin-ui" / "out"
SCRIPT = re.compile(r'<script[^>]* src="(/_next/[^"]+\.js)"([^>]*)>')


def pages() -> dict[str, float]:
    """Kilobytes of script for each page; none where the dashboard is not built."""
    found = {}
    for path in sorted(BUILT.glob("**/index.html")):
        name = f"/{path.parent.relative_to(BUILT)}/".replace("/./", "/")
        found[name] = sum(_compressed(script) for script in scripts(path)) / 1000
    return found


def scripts(page: Path) -> list[Path]:
    """The files that a browser of today loads for it; `nomodule` is for those of old."""
    named = SCRIPT.findall(page.read_text())
    return [BUILT / src.lstrip("/") for src, rest in named if "nomodule" not in rest.lower()]


def _compressed(path: Path) -> int:
    form = path.with_name(f"{path.name}.br")
    if form.exists():
        return form.stat().st_size
    return len(gzip.compress(path.read_bytes(), compresslevel=6))
