"""Which names this desk answers to."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from api import errors

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
WILDCARDS = {"0.0.0.0", "::"}  # noqa: S104 - what to look for, not what to bind to
HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?)\.?(?::([0-9]{1,5}))?")
DEFAULT_PORTS = {"http": "80", "https": "443"}


class HostCheck:
    """Refuses a Host header that is missing, doubled, malformed or another's.

    Ours are the host of PUBLIC_URL, the loopback names and the HOST setting. Where HOST is 0.0.0.0 or ::,
    every address written in numbers is ours as well: another machine of the network, or a container's
    health check, reaches the desk by such a one, and a page that has its name point at us (DNS rebinding)
    can't send one. Any name but PUBLIC_URL's needs PUBLIC_URL to be set.
    """

    def __init__(self, app: ASGIApp, public_url: str, bound_to: str) -> None:
        self.app = app
        self.names = {*LOOPBACK, _bracketed(bound_to), _bracketed(urlsplit(public_url).hostname or "")}
        self.any_address = bound_to in WILDCARDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request to one of our names; answer 400 to any other."""
        if scope["type"] != "http" or self._is_ours(scope):
            await self.app(scope, receive, send)
            return
        answer = errors.failure(
            400, "unknown_host", "This desk is not known by that name; set PUBLIC_URL to its address."
        )
        await answer(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1:
            return False
        found = HOST.fullmatch(given[0].decode("latin-1").lower())
        if not found:
            return False
        return found[1] in self.names or (self.any_address and _is_address(found[1]))


def origin_is_ours(origin: str, public_url: str, host: str) -> bool:
    """Whether a page of this origin is the desk's: PUBLIC_URL's, or of the host that the request went to.

    The loopback names count as one.
    """
    scheme, _, netloc = origin.lower().partition("://")
    if scheme not in DEFAULT_PORTS or not HOST.fullmatch(netloc):
        return False
    public = urlsplit(public_url)
    if scheme == public.scheme and _place(netloc, scheme) == _place(public.netloc.lower(), scheme):
        return True
    return _place(netloc, scheme) == _place(host.lower(), scheme)


def _place(netloc: str, scheme: str) -> tuple[str, str]:
    found = HOST.fullmatch(netloc)
    if not found:
        return netloc, ""
    name = "localhost" if found[1] in LOOPBACK else found[1]
    return name, found[3] or DEFAULT_PORTS[scheme]


def _bracketed(host: str) -> str:
    return f"[{host.lower()}]" if ":" in host else host.lower()


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
