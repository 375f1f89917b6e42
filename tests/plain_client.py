"""HTTP to a desk on this machine."""

from typing import Any

import httpx2


def plain_client(url: str = "", **more: Any) -> httpx2.Client:
    """As from the desk's own page, past any proxy.

    Without TLS: reading the system's certificates takes longer than many a test.
    """
    more["headers"] = ({"Origin": url} if url else {}) | more.get("headers", {})
    return httpx2.Client(base_url=url, trust_env=False, verify=False, **({"timeout": 20} | more))
