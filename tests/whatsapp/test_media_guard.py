import asyncio
import io
import socket
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import Mock

import pytest

from tests.pretend_media import File, PretendMedia
from tests.worker.media_desk import TOKEN, make_client
from whatsapp import media
from whatsapp.media import Caps, Fetched, MediaTrouble, TroubleKind
from whatsapp.media_guard import ForbiddenAddress, Guard, is_public

META = "https://graph.facebook.com"
FILE = File(b"%PDF-1.7 invoice", "application/pdf")


class Canary:
    """Listens on a port and keeps every byte that comes."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.heard: list[bytes] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1)
                self.heard.append(connection.recv(65536))

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


@pytest.fixture
def graph() -> Iterator[PretendMedia]:
    with PretendMedia(files={"1": FILE}) as graph:
        yield graph


def fetch(url: str, sha256: str | None = None, caps: Caps | None = None) -> tuple[Fetched, bytes]:
    async def run() -> tuple[Fetched, bytes]:
        with tempfile.TemporaryFile() as target:
            async with make_client(url, caps) as client:
                fetched = await client.fetch("1", "1001", sha256, target)
            target.seek(0)
            return fetched, target.read()

    return asyncio.run(run())


def trouble(url: str, sha256: str | None = None, caps: Caps | None = None) -> MediaTrouble:
    with pytest.raises(MediaTrouble) as caught:
        fetch(url, sha256, caps)
    return caught.value


@pytest.mark.parametrize("written", [None, FILE.sha256, FILE.sha256.upper(), FILE.sha256_base64, "?"])
def test_the_checksum_may_be_written_either_way(graph: PretendMedia, written: str | None) -> None:
    fetched, content = fetch(graph.url, written)
    assert (fetched, content) == (
        Fetched("application/pdf", len(FILE.content), FILE.sha256),
        FILE.content,
    )


def test_the_webhooks_checksum_counts(graph: PretendMedia) -> None:
    assert "checksum" in trouble(graph.url, "0" * 64).words


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://0:{port}/",
        "http://127.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://127.0.0.1.nip.io:{port}/",
        "http://graph.facebook.com@127.0.0.1:{port}/",
        "https://lookaside.fbsbx.com:{port}/",
        "https://lookaside.fbsbx.com/",
        "file:///etc/passwd",
        "//127.0.0.1:{port}/",
        "gopher://127.0.0.1:{port}/",
        "http://[broken",
        "",
    ],
)
def test_beside_a_simulator_nothing_else_is_asked(graph: PretendMedia, canary: Canary, address: str) -> None:
    graph.describe = lambda media_id, number: f"url:{address.format(port=canary.port)}"
    trouble(graph.url)
    assert canary.heard == []
    assert graph.downloaded.total() == 0


@pytest.mark.parametrize("step", ["describe", "download"])
def test_a_redirect_is_not_followed(graph: PretendMedia, canary: Canary, step: str) -> None:
    setattr(graph, step, lambda media_id, number: f"redirect:http://127.0.0.1:{canary.port}/")
    assert trouble(graph.url).kind is TroubleKind.FAILED
    assert canary.heard == []
    assert graph.tokens == {TOKEN}


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://graph.facebook.com.evil.example/",
        "https://evil.example/graph.facebook.com",
        "https://graph.facebook.com@evil.example/",
        "https://user:word@graph.facebook.com/",
        "https://graph.facebook.com:8443/",
        "http://graph.facebook.com/",
        "http://lookaside.fbsbx.com/",
        "ftp://lookaside.fbsbx.com/",
    ],
)
def test_only_metas_hosts_are_let_through(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        Guard(META).check(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://graph.facebook.com/v25.0/1?phone_number_id=2",
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=AR%2Bx%3D",
        "https://LOOKASIDE.fbsbx.com:443/x",
    ],
)
def test_metas_hosts_are_let_through_as_they_are_written(address: str) -> None:
    assert str(Guard(META).check(address)).lower().replace(":443", "") == address.lower().replace(":443", "")


def test_a_proxy_must_speak_https() -> None:
    Guard("https://proxy.example/graph").check("https://proxy.example/graph/v25.0/1")
    Guard("https://proxy.example/graph").check("https://lookaside.fbsbx.com/x")
    with pytest.raises(ForbiddenAddress):
        Guard("http://proxy.example").check("http://proxy.example/v25.0/1")
    with pytest.raises(ForbiddenAddress):
        Guard("https://10.0.0.8").check("https://10.0.0.8/v25.0/1")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("157.240.1.1", True),
        ("2a03:2880:f12f:83:face:b00c::25de", True),
        ("::ffff:157.240.1.1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - it is refused
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("64:ff9b:1::7f00:1", False),
        ("fec0::1", False),
        ("graph.facebook.com", False),
    ],
)
def test_what_a_public_address_is(address: str, public: bool) -> None:
    assert is_public(address) is public


def _answers(*addresses: str) -> Any:
    """A name server with one answer for each question, the last one for ever."""
    given = list(addresses)

    async def getaddrinfo(_loop: object, host: str, port: int, **_more: object) -> list[Any]:
        address = given.pop(0) if len(given) > 1 else given[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    return getaddrinfo


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1"])
def test_a_host_of_metas_that_means_our_own_network_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", _answers(address))
    assert "not fetched from" in trouble(META).words


def test_what_was_looked_at_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def connect(_loop: object, _socket: object, address: tuple[str, int]) -> None:
        asked.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(
        asyncio.base_events.BaseEventLoop, "getaddrinfo", _answers("157.240.1.1", "127.0.0.1")
    )
    monkeypatch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", connect)
    trouble(META)
    assert set(asked) == {"157.240.1.1"}


@pytest.mark.parametrize("order", [None, "unmeasured"])
def test_too_large_a_file_is_broken_off(
    graph: PretendMedia, monkeypatch: pytest.MonkeyPatch, order: str | None
) -> None:
    graph.download = lambda media_id, number: order
    assert fetch(graph.url)[1] == FILE.content
    monkeypatch.setattr(media, "LARGEST_FILE_BYTES", 10)
    assert trouble(graph.url).kind is TroubleKind.HOPELESS


def test_an_answer_may_come_in_pieces(graph: PretendMedia) -> None:
    graph.describe = lambda media_id, number: "pieces"
    assert fetch(graph.url)[1] == FILE.content
    graph.upload = lambda number: "pieces"

    async def bring() -> object:
        async with make_client(graph.url) as client:
            return await client.upload("1001", io.BytesIO(b"a paper"), "application/pdf", "a.pdf")

    assert asyncio.run(bring()) == "9000000000000001"


def test_an_answer_without_end_is_not_read_to_its_end(
    graph: PretendMedia, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "ANSWER_BYTES", 20)
    assert trouble(graph.url).kind is TroubleKind.FAILED


def test_a_slow_file_is_broken_off(graph: PretendMedia) -> None:
    graph.download = lambda media_id, number: "timeout"
    assert "in time" in trouble(graph.url, caps=Caps(total=0.3, silence=10)).words
    assert "in time" in trouble(graph.url, caps=Caps(total=10, silence=0.3)).words


def test_a_lost_connection_is_one_request(graph: PretendMedia) -> None:
    graph.describe = lambda media_id, number: "hang up"
    trouble(graph.url)
    assert graph.asked.total() == 1


def test_without_room_for_the_thread_that_looks_the_name_up_nothing_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_thread = Mock(side_effect=RuntimeError("can't start new thread"))
    monkeypatch.setattr(ThreadPoolExecutor, "submit", no_thread)
    assert trouble(META).kind is TroubleKind.UNREACHED


@pytest.mark.parametrize("media_id", ["../../me", "1/../me", "", "1?fields=x", "..", "1#"])
def test_an_odd_media_id_is_not_asked_for(graph: PretendMedia, media_id: str) -> None:
    async def run() -> None:
        with tempfile.TemporaryFile() as target:
            async with make_client(graph.url) as client:
                await client.fetch(media_id, "1001", None, target)

    with pytest.raises(MediaTrouble):
        asyncio.run(run())
    assert graph.asked.total() == 0
