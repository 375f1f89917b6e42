"""Where files may be fetched from.

Meta tells the address of a file, and the access token goes with the request: so a forged or odd address must
not be asked at all, be it another host or one inside our own network.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

LOOKASIDE = URL("https://lookaside.fbsbx.com")
"""Where Meta keeps the files themselves."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is routed; outside of it are more ways to write an address of IPv4."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ForbiddenAddress(Exception):
    """Nothing was sent there."""


class Guard(AbstractResolver):
    """Lets through addresses of the Graph API that the settings name, and of Meta's store of files.

    It is also the resolver of the connections: what it looked at is what is connected to, so a name that
    means another machine a moment later gains nothing. A Graph API on a loopback address (a simulator) is
    alone with itself: then nothing else is let through, and only then is plain HTTP.
    """

    def __init__(self, base_url: str) -> None:
        base = URL(base_url)
        self._is_local = is_loopback(base.host or "")
        origins = [base] if self._is_local else [base, LOOKASIDE]
        self._origins = {
            (each.scheme, each.host, each.port)
            for each in origins
            if each.scheme == "https" or (each.scheme == "http" and self._is_local)
        }

    def check(self, address: str) -> URL:
        """The address, ready to be asked. Raises ForbiddenAddress."""
        try:
            url = URL(address, encoded=True)  # not written anew: its query may be signed
            origin = (url.scheme, url.host, url.port)
        except ValueError:
            raise ForbiddenAddress("malformed") from None
        if origin not in self._origins or url.user is not None or url.password is not None:
            raise ForbiddenAddress("another host")
        host = url.host or ""
        if _literal(host) is not None:  # such a host never comes to `resolve`
            self._check_machines([host])
        return url

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The machines of this host. Raises ForbiddenAddress if one of them is not to be asked."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
            )
        except RuntimeError as error:  # no room for the thread that looks it up: nothing was asked
            raise OSError("No thread to look the name up.") from error
        self._check_machines(str(address[0]) for *_, address in found)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Nothing is kept."""

    def _check_machines(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            if not (is_loopback(address) if self._is_local else is_public(address)):
                raise ForbiddenAddress("not a public address")


def is_loopback(host: str) -> bool:
    """Whether this name or address surely is this machine."""
    address = _literal(host)
    return host == "localhost" if address is None else address.is_loopback


def is_public(address: str) -> bool:
    """Whether this is a machine on the open internet, also behind the notations of IPv4 within IPv6."""
    literal = _literal(address)
    if literal is None:
        return False
    if isinstance(literal, ipaddress.IPv6Address):
        inner = literal.ipv4_mapped or literal.sixtofour or (literal.teredo or (None, None))[1]
        if inner is None and literal in _NAT64:
            inner = ipaddress.IPv4Address(int(literal) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        return literal.is_global and literal in _UNICAST
    return literal.is_global and not literal.is_multicast


def _literal(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
