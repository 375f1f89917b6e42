"""What the browser lets our pages do."""

import base64
import hashlib
from html.parser import HTMLParser
from pathlib import Path

from config.settings import ROOT

DASHBOARD = ROOT / "admin-ui" / "out"
"""The built dashboard; missing until it is built."""


class _InlineScripts(HTMLParser):
    """Collects the text of the scripts that a browser would run out of the page itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._inside = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if self._inside:
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


def content_security_policy(pages: Path) -> str:
    """The policy for all HTML files below `pages`: their own inline scripts run, and no others."""
    hashes: set[str] = set()
    for page in pages.rglob("*.html"):
        scripts = _InlineScripts()
        scripts.feed(page.read_text(encoding="utf-8"))
        hashes |= {f"'sha256-{_digest(text)}'" for text in scripts.texts}
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *sorted(hashes)]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
