"""Every way in which the simulator can be told to fail a desk."""

import contextlib

import httpx2
import pytest

from tests.pretend_meta import PretendMeta, wait_until

REPLY = {"messaging_product": "whatsapp", "to": "+2348035550142", "text": {"body": "Good morning"}}


@pytest.fixture(autouse=True)
def _customer_wrote(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    wait_until(lambda: pretend_meta.received, "the first webhook")
    pretend_meta.received.clear()


def test_fails_so_often_with_a_documented_error(pretend_meta: PretendMeta) -> None:
    pretend_meta.misbehave(sends={"times": 2, "error_code": 131016})
    answers = [pretend_meta.send(REPLY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [500, 500, 200]
    assert answers[0].json()["error"]["code"] == 131016
    assert len(pretend_meta.messages()) == 2, "what was refused did not go out"


def test_fails_until_it_is_told_to_stop(pretend_meta: PretendMeta) -> None:
    pretend_meta.misbehave(sends={"error_code": 190})
    assert [pretend_meta.send(REPLY).status_code for _ in range(5)] == [401] * 5
    pretend_meta.misbehave()
    assert pretend_meta.send(REPLY).status_code == 200


def test_a_5xx_without_a_body(pretend_meta: PretendMeta) -> None:
    pretend_meta.misbehave(sends={"http_status": 503})
    answer = pretend_meta.send(REPLY)
    assert (answer.status_code, answer.content) == (503, b"")


def test_a_dropped_answer_leaves_the_message_sent(pretend_meta: PretendMeta) -> None:
    pretend_meta.misbehave(sends={"times": 1, "drop_answer": True})
    with pytest.raises(httpx2.RemoteProtocolError):
        pretend_meta.send(REPLY | {"biz_opaque_callback_data": "outbox:1"})
    wait_until(lambda: len(pretend_meta.statuses()) == 2, "the statuses of what nobody was told about")
    assert {s["biz_opaque_callback_data"] for s in pretend_meta.statuses()} == {"outbox:1"}
    (request,) = pretend_meta.requests()
    assert request["answered"] is False
    assert request["message_id"] == pretend_meta.messages()[-1]["id"]


def test_a_late_answer_comes_after_the_status(pretend_meta: PretendMeta) -> None:
    pretend_meta.misbehave(sends={"delay_ms": 120_000})
    with contextlib.suppress(httpx2.ReadTimeout):
        pretend_meta.client.post(
            "/graph/v25.0/100000000000001/messages",
            json=REPLY,
            headers={"Authorization": "Bearer test_access_token"},
            timeout=0.5,
        )
        pytest.fail("the answer came at once")
    wait_until(lambda: len(pretend_meta.statuses()) == 2, "the statuses")


def test_webhooks_come_several_times(pretend_meta: PretendMeta) -> None:
    pretend_meta.misbehave(webhooks={"duplicates": 2})
    message = pretend_meta.write("Again")
    wait_until(lambda: len(pretend_meta.received) == 3, "three times the same")
    assert [m["id"] for m in pretend_meta.incoming()] == [message["id"]] * 3


def test_webhooks_come_in_another_order(pretend_meta: PretendMeta) -> None:
    pretend_meta.misbehave(webhooks={"reorder": 3})
    sent = [pretend_meta.write(text)["id"] for text in ("one", "two", "three", "four")]
    wait_until(lambda: len(pretend_meta.received) == 3, "a batch of three")
    assert [m["id"] for m in pretend_meta.incoming()] == sent[2::-1]
    assert pretend_meta.get("/state")["webhooks_waiting"] == 1
    pretend_meta.misbehave()
    wait_until(lambda: len(pretend_meta.received) == 4, "the one that was left over")


def test_webhooks_are_held_until_let_go(pretend_meta: PretendMeta) -> None:
    pretend_meta.misbehave(webhooks={"hold": True})
    sent = [pretend_meta.write(text)["id"] for text in ("one", "two")]
    assert pretend_meta.get("/state")["webhooks_waiting"] == 2
    assert [m["status"] for m in pretend_meta.messages()[1:]] == ["sent", "sent"]
    assert pretend_meta.received == []
    pretend_meta.misbehave()
    wait_until(lambda: len(pretend_meta.received) == 2, "both")
    assert [m["id"] for m in pretend_meta.incoming()] == sent


def test_webhooks_come_late(pretend_meta: PretendMeta) -> None:
    pretend_meta.misbehave(webhooks={"delay_ms": 600_000})
    pretend_meta.write("Slow")
    pretend_meta.write("Quick", "2")
    assert pretend_meta.get("/state")["webhooks_waiting"] == 2
    assert pretend_meta.received == []


def test_an_unknown_code_is_refused(pretend_meta: PretendMeta) -> None:
    pretend_meta.post("/misbehave", {"sends": {"error_code": 42}}, status=422)
    assert pretend_meta.get("/misbehave")["sends"]["error_code"] is None


def test_a_reset_begins_anew(pretend_meta: PretendMeta) -> None:
    pretend_meta.misbehave(sends={"error_code": 2}, webhooks={"hold": True})
    pretend_meta.post("/customers", {"name": "Tola"})
    pretend_meta.write("Never to arrive")
    pretend_meta.send(REPLY)
    state = pretend_meta.post("/reset")
    assert [thread["customer"]["name"] for thread in state["threads"]] == [
        "Amara Nwosu",
        "Bello Danjuma",
        "Folake Adeyemi",
    ]
    assert all(thread["messages"] == [] for thread in state["threads"])
    assert pretend_meta.requests() == []
    pretend_meta.write("Hello again")
    assert pretend_meta.send(REPLY).status_code == 200
    wait_until(lambda: len(pretend_meta.received) == 3, "the new message and two statuses")
    assert [m["text"]["body"] for m in pretend_meta.incoming()] == ["Hello again"]
