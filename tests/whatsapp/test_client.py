import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from tests.ports import free_port
from tests.pretend_graph import HANG_UP, Answer, Body, PretendGraph, refusal
from whatsapp import client
from whatsapp.client import Address, CallFailed, Refused, Result, Sent, Unknown, Unreached, WhatsAppClient
from whatsapp.errors import ErrorClass

PHONE = Address("to", "+2348031234567")
TEXT = {"type": "text", "text": {"body": "Good morning"}}
TOKEN = "a-token-that-nobody-may-read"


@pytest.fixture
def graph() -> Iterator[PretendGraph]:
    with PretendGraph() as graph:
        yield graph


def send(
    url: str, address: Address = PHONE, times: int = 1, going_out: Callable[[], None] = lambda: None
) -> Result:
    async def run() -> Result:
        async with WhatsAppClient(url, "v25.0", SecretStr(TOKEN)) as client:
            results = [
                await client.send("1001", address, TEXT, "callback-1", going_out) for _ in range(times)
            ]
        return results[-1]

    return asyncio.run(run())


def always(answer: Answer) -> Callable[[int, Body], Answer]:
    return lambda number, body: answer


def test_a_message_to_a_phone_number(graph: PretendGraph) -> None:
    assert send(graph.url) == Sent("wamid.1", "2348031234567")
    assert graph.posts == [
        TEXT
        | {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "+2348031234567",
            "biz_opaque_callback_data": "callback-1",
        }
    ]
    assert graph.paths == ["/v25.0/1001/messages"]
    assert graph.headers[0]["Authorization"] == f"Bearer {TOKEN}"


def test_a_message_to_a_user_id(graph: PretendGraph) -> None:
    send(graph.url, Address("recipient", "NG.70418825539916044127"))
    assert graph.posts[0]["recipient"] == "NG.70418825539916044127"
    assert "to" not in graph.posts[0]


def test_a_refusal(graph: PretendGraph) -> None:
    graph.answer = always(refusal(400, 131047, error_data={"details": "more than 24 hours"}))
    assert send(graph.url) == Refused(ErrorClass.PERMANENT, 131047, "more than 24 hours", 0.0)


def test_a_refusal_may_say_when_to_come_back(graph: PretendGraph) -> None:
    busy = refusal(429, 130429)
    graph.answer = always(Answer(429, busy.body, headers={"Retry-After": "17"}))
    result = send(graph.url)
    assert isinstance(result, Refused)
    assert (result.kind, result.retry_after) == (ErrorClass.RETRY, 17.0)


def test_a_number_in_maintenance_is_left_alone_for_a_minute(graph: PretendGraph) -> None:
    graph.answer = always(refusal(500, 131057))
    result = send(graph.url)
    assert isinstance(result, Refused)
    assert result.retry_after == 60.0


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {"messages": []}),
        Answer(200, {"messages": [{"id": ""}]}),
        Answer(200, {"messages": [{"id": 7}]}),
        Answer(200, {"messages": {"id": "wamid.1"}}),
        Answer(200, b"<html>"),
        Answer(200, b"[]"),
        Answer(200, {"messages": [{"id": "w" * 256}]}),
        Answer(200, b"[" * 100_000),
        Answer(202, {}),
        Answer(429, b"slow down"),
        Answer(500, b""),
        Answer(503, {"error": "no object"}),
        Answer(503, {"error": {"code": "no number"}}),
        Answer(503, {"error": {"code": 2**31}}),
        refusal(500, 131000),
        HANG_UP,
    ],
    ids=lambda answer: str(answer)[:80],
)
def test_what_may_have_gone_out_is_unknown_and_posted_once(graph: PretendGraph, answer: Answer) -> None:
    graph.answer = always(answer)
    assert isinstance(send(graph.url), Unknown)
    assert len(graph.posts) == 1


def test_an_answer_without_end_is_not_read_to_its_end(
    graph: PretendGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PAGE_BYTES", 100_000)
    graph.answer = always(Answer(200, b" " * (client.ANSWER_BYTES + 1)))
    assert send(graph.url) == Unknown("TooLong")
    graph.page = lambda path, query: Answer(200, {"data": "x" * 100_000})

    async def fetch() -> None:
        async with WhatsAppClient(graph.url, "v25.0", SecretStr(TOKEN)) as opened:
            await opened.fetch("1001/message_templates")

    with pytest.raises(CallFailed, match="TooLong"):
        asyncio.run(fetch())


def test_something_that_is_not_graph(graph: PretendGraph) -> None:
    graph.answer = always(Answer(404, b"<html>Not here</html>"))
    assert send(graph.url) == Refused(ErrorClass.CONFIGURATION, None, "HTTP 404", 0.0)


def test_what_it_says_can_be_stored(graph: PretendGraph) -> None:
    graph.answer = always(Answer(400, b'{"error":{"code":9999,"message":"cut in \\ud83d\\u0000"}}'))
    assert send(graph.url) == Refused(ErrorClass.PERMANENT, 9999, "cut in \ufffd\ufffd", 0.0)
    graph.answer = always(Answer(200, b'{"messages":[{"id":"wamid.\\ud83d"}]}'))
    assert send(graph.url) == Sent("wamid.\ufffd", None)


def test_a_redirect_is_not_followed(graph: PretendGraph) -> None:
    elsewhere = f"{graph.url}/v25.0/2002/messages"
    graph.answer = always(Answer(307, b"", headers={"Location": elsewhere}))
    assert isinstance(send(graph.url), Refused)
    assert graph.paths == ["/v25.0/1001/messages"]


def test_nothing_listens_there() -> None:
    assert send(f"http://127.0.0.1:{free_port()}") == Unreached("ClientConnectorError")


def test_without_room_for_the_thread_that_looks_the_name_up_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def submit(*_given: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(ThreadPoolExecutor, "submit", submit)
    url = "http://graph.example"
    assert send(url) == Unreached("ClientConnectorDNSError")
    assert not answers(url)


def test_an_address_that_is_none() -> None:
    assert isinstance(send("http://"), Unreached)


def test_it_is_told_when_the_message_goes_out(graph: PretendGraph) -> None:
    told: list[str] = []

    def answer(number: int, body: Body) -> Answer:
        told.append("arrived")
        return Answer()

    graph.answer = answer
    send(graph.url, times=2, going_out=lambda: told.append("going out"))
    assert told == ["going out", "arrived"] * 2
    send(f"http://127.0.0.1:{free_port()}", going_out=lambda: told.append("going nowhere"))
    assert "going nowhere" not in told


def answers(url: str) -> bool:
    async def run() -> bool:
        async with WhatsAppClient(url, "v25.0", SecretStr(TOKEN)) as client:
            return await client.answers("1001")

    return asyncio.run(run())


def test_asking_whether_graph_is_there_sends_nothing(graph: PretendGraph) -> None:
    assert answers(graph.url)
    assert (graph.probes, graph.posts) == (1, [])


def test_a_gateway_that_misses_graph_is_not_graph(graph: PretendGraph) -> None:
    graph.is_down = True
    assert not answers(graph.url)
    assert not answers(f"http://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("status", [200, 302])
def test_a_network_that_wants_a_login_is_not_graph(graph: PretendGraph, status: int) -> None:
    graph.page = lambda path, query: Answer(status, {"log in": "first"})
    assert not answers(graph.url)
    graph.page = lambda path, query: Answer(200, {"id": path})
    assert answers(graph.url)


def test_no_answer_in_time(graph: PretendGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whatsapp.client.TOTAL_TIMEOUT_SECONDS", 0.2)
    graph.answer = always(Answer(delay=5))
    assert isinstance(send(graph.url), Unknown)
    assert len(graph.posts) == 1


def test_a_kept_connection_that_the_server_drops_is_not_tried_again() -> None:
    requests: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        body = b'{"messages": [{"id": "wamid.1"}]}'
        connection, _ = listener.accept()
        with connection:
            requests.append(connection.recv(65536))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            requests.append(connection.recv(65536))
        listener.settimeout(0.5)
        try:
            again, _ = listener.accept()
        except TimeoutError:
            return
        with again:
            requests.append(again.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve, args=(listener,))
        server.start()
        result = send(f"http://127.0.0.1:{listener.getsockname()[1]}", times=2)
        server.join()
    assert isinstance(result, Unknown)
    assert len(requests) == 2


def test_logs_hold_neither_the_token_nor_the_customer(graph: PretendGraph) -> None:
    graph.answer = always(refusal(401, 190, error_data={"details": "no such user +2348031234567"}))
    with capture_logs() as logs:
        send(graph.url)
    assert logs
    assert not any(secret in str(logs) for secret in (TOKEN, "2348031234567", "Good morning"))
