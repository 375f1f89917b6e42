"""What Graph takes and what it refuses, by the codes and statuses that Meta documents."""

import re
import time
from typing import Any

import httpx2
import pytest

from tests.pretend_meta import BUSINESS_NUMBER, PHONE_NUMBER_ID, PretendMeta, running_meta, wait_until

AMARA = "+2348035550142"


def text(body: str = "Good morning", **more: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": AMARA, "type": "text", "text": {"body": body}} | more


def rows(count: int, first: int = 0) -> list[dict[str, Any]]:
    return [{"id": f"row-{n}", "title": f"Row {n}"} for n in range(first, first + count)]


def a_list(*sections: dict[str, Any], button: str = "Choose") -> dict[str, Any]:
    action = {"button": button, "sections": list(sections)}
    return interactive({"type": "list", "body": {"text": "Topic?"}, "action": action})


def buttons(*replies: dict[str, Any]) -> dict[str, Any]:
    action = {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}
    return interactive({"type": "button", "body": {"text": "Well?"}, "action": action})


def interactive(content: dict[str, Any]) -> dict[str, Any]:
    return text() | {"type": "interactive", "interactive": content}


def template(name: str = "hello_world", language: str = "en_US", *values: str) -> dict[str, Any]:
    parameters = [{"type": "text", "text": value} for value in values]
    content: dict[str, Any] = {"name": name, "language": {"code": language}}
    if values:
        content["components"] = [{"type": "body", "parameters": parameters}]
    return text() | {"type": "template", "template": content}


def without(body: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != key}


def refused(response: httpx2.Response, status: int, code: int) -> dict[str, Any]:
    error: dict[str, Any] = response.json()["error"]
    assert (response.status_code, error["code"]) == (status, code), response.text
    assert error["fbtrace_id"]
    return error


def test_a_text_within_the_window_is_accepted(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    answer = pretend_meta.send(text())
    assert answer.status_code == 200
    body = answer.json()
    assert body["messaging_product"] == "whatsapp"
    assert body["contacts"] == [{"input": AMARA, "wa_id": AMARA[1:]}]
    assert re.fullmatch(r"wamid\.[A-Za-z0-9+/]+=*", body["messages"][0]["id"])
    assert pretend_meta.messages()[-1]["text"] == "Good morning"


def test_every_message_has_an_id_of_its_own(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    ids = {pretend_meta.send(text()).json()["messages"][0]["id"] for _ in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eA=="}])
def test_a_wrong_token(pretend_meta: PretendMeta, header: dict[str, str]) -> None:
    path = f"/graph/v25.0/{PHONE_NUMBER_ID}/messages"
    error = refused(pretend_meta.client.post(path, json=text(), headers=header), 401, 190)
    assert error["type"] == "OAuthException"


def test_an_unknown_phone_number_id(pretend_meta: PretendMeta) -> None:
    error = refused(pretend_meta.send(text(), path="/graph/v25.0/42/messages"), 400, 100)
    assert error["error_subcode"] == 33


def test_a_path_without_a_version(pretend_meta: PretendMeta) -> None:
    refused(pretend_meta.send(text(), path=f"/graph/latest/{PHONE_NUMBER_ID}/messages"), 400, 100)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], 100),
        (without(text(), "messaging_product"), 100),
        (without(text(), "to"), 100),
        (text(to="not a number"), 131009),
        (text(to=BUSINESS_NUMBER), 131021),
        (without(text(), "to") | {"recipient": "not a user id"}, 131009),
        (without(text(), "to") | {"recipient": "NG.1"}, 131026),
        (text(type="hologram"), 131051),
        (without(text(), "text"), 131008),
        (text(""), 100),
        (text("x" * 4097), 100),
        (text() | {"text": {}}, 131008),
        (text() | {"text": {"body": "x", "colour": "red"}}, 100),
        (text(biz_opaque_callback_data="x" * 513), 100),
        (text(context={"message_id": "42"}), 131009),
        (interactive({}), 131008),
        (interactive({"type": "dance"}), 131009),
        (interactive({"type": "list", "body": {"text": "Topic?"}}), 131008),
        (a_list(), 131009),
        (a_list({"rows": rows(11)}), 131009),
        (a_list({"title": "A", "rows": rows(6)}, {"title": "B", "rows": rows(5, first=6)}), 131009),
        (a_list({"title": "A", "rows": rows(1)}, {"rows": [{"id": "b", "title": "b"}]}), 131009),
        (a_list({"rows": [{"id": "a", "title": "x"}, {"id": "a", "title": "y"}]}), 131009),
        (a_list({"rows": [{"id": "a", "title": "x" * 25}]}), 131009),
        (a_list({"rows": [{"id": "a", "title": "x", "description": "x" * 73}]}), 131009),
        (a_list({"rows": [{"id": "x" * 201, "title": "x"}]}), 131009),
        (a_list({"rows": rows(1)}, button="x" * 21), 131009),
        (buttons(), 131009),
        (buttons(*({"id": str(n), "title": str(n)} for n in range(4))), 131009),
        (buttons({"id": "a", "title": "x" * 21}), 131009),
        (buttons({"id": "a", "title": "Yes"}, {"id": "b", "title": "Yes"}), 131009),
        (text() | {"type": "image", "image": {"id": "1", "link": "https://shop.example/a.jpg"}}, 131009),
        (template("no_such_template"), 132001),
        (template("hello_world", "de"), 132001),
        (template("support_follow_up"), 132000),
    ],
)
def test_refusals(pretend_meta: PretendMeta, body: Any, code: int) -> None:
    pretend_meta.write("Hello")
    refused(pretend_meta.send(body), 404 if code == 132001 else 400, code)
    assert len(pretend_meta.messages()) == 1


@pytest.mark.parametrize(
    "body",
    [
        text("x" * 4096, context={"message_id": "wamid.any"}, biz_opaque_callback_data="x" * 512),
        a_list({"rows": rows(10)}, button="x" * 20),
        a_list({"title": "A", "rows": rows(1)}, {"title": "B", "rows": [{"id": "b", "title": "b"}]}),
        buttons({"id": "a", "title": "Yes"}, {"id": "b", "title": "No"}),
        interactive(
            {
                "type": "cta_url",
                "body": {"text": "Follow it"},
                "action": {
                    "name": "cta_url",
                    "parameters": {"display_text": "Track", "url": "https://shop.example/t"},
                },
            }
        ),
        text() | {"type": "image", "image": {"link": "https://shop.example/a.jpg", "caption": "Label"}},
        template(),
        template("support_follow_up", "en_US", "number 7"),
    ],
)
def test_what_is_at_the_limit_is_accepted(pretend_meta: PretendMeta, body: Any) -> None:
    pretend_meta.write("Hello")
    assert pretend_meta.send(body).status_code == 200


def test_a_body_that_is_no_json(pretend_meta: PretendMeta) -> None:
    path, header = f"/graph/v25.0/{PHONE_NUMBER_ID}/messages", {"Authorization": "Bearer test_access_token"}
    for raw in (b"{", b'{"to": NaN}', b'{"to": "\\ud800"}', b"\xff"):
        refused(pretend_meta.client.post(path, content=raw, headers=header), 400, 100)


def test_outside_the_window_only_templates_go(pretend_meta: PretendMeta) -> None:
    refused(pretend_meta.send(text()), 400, 131047)
    answer = pretend_meta.send(template("support_follow_up", "en_US", "the lamp"))
    assert answer.json()["messages"][0]["message_status"] == "accepted"
    assert "the lamp" in pretend_meta.messages()[-1]["text"]


def test_the_window_closes_after_a_day(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    customer = pretend_meta.simulator.world.threads["1"].customer
    assert customer.last_wrote_at
    customer.last_wrote_at -= 24 * 3600 - 60
    assert pretend_meta.send(text()).status_code == 200
    customer.last_wrote_at -= 61
    refused(pretend_meta.send(text()), 400, 131047)


def test_someone_without_a_number_is_reached_by_user_id(pretend_meta: PretendMeta) -> None:
    tola = pretend_meta.post("/customers", {"name": "Tola Bright"})
    pretend_meta.write("Hello", tola["id"])
    body = without(text(), "to") | {"recipient": tola["user_id"]}
    answer = pretend_meta.send(body)
    assert answer.json()["contacts"] == [{"input": tola["user_id"], "user_id": tola["user_id"]}]
    wait_until(lambda: len(pretend_meta.statuses()) == 2, "two statuses")
    assert all(
        "recipient_id" not in s and s["recipient_user_id"] == tola["user_id"] for s in pretend_meta.statuses()
    )


def test_the_pair_rate(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    pretend_meta.write("Hello", "2")
    for _ in range(45):
        assert pretend_meta.send(text()).status_code == 200
    refused(pretend_meta.send(text()), 400, 131056)
    assert pretend_meta.send(text(to="+2348065550173")).status_code == 200, "another customer is not slowed"


def test_throughput_counts_both_ways() -> None:
    with running_meta(messages_per_second=3) as meta:

        def three_writes_and_a_send() -> httpx2.Response:
            time.sleep(1.1)
            for customer_id in "123":
                meta.write("Hello", customer_id)
            return meta.send(text())

        # On a busy machine the four may not fall into one second: only one of several tries must be refused.
        answers = (three_writes_and_a_send() for _ in range(5))
        refused(next(answer for answer in answers if answer.status_code == 400), 400, 130429)
        time.sleep(1.1)
        assert meta.send(text()).status_code == 200


def test_read_marks_and_typing(pretend_meta: PretendMeta) -> None:
    first, second = pretend_meta.write("Hello"), pretend_meta.write("Are you there?")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": second["id"]}
    answer = pretend_meta.send(mark | {"typing_indicator": {"type": "text"}})
    assert answer.json() == {"success": True}
    assert {m["id"]: m["status"] for m in pretend_meta.messages()} == {
        first["id"]: "read",
        second["id"]: "read",
    }
    refused(pretend_meta.send(mark | {"message_id": "wamid.unknown"}), 400, 131009)
    assert pretend_meta.requests() == [], "a read mark is no message"


def test_requests_are_kept_for_counting(pretend_meta: PretendMeta) -> None:
    pretend_meta.send(text(biz_opaque_callback_data="outbox:1"))
    pretend_meta.write("Hello")
    message_id = pretend_meta.send(text(biz_opaque_callback_data="outbox:2")).json()["messages"][0]["id"]
    kept = [
        (r["biz_opaque_callback_data"], r["http_status"], r["error_code"], r["message_id"])
        for r in pretend_meta.requests()
    ]
    assert kept == [("outbox:1", 400, 131047, None), ("outbox:2", 200, None, message_id)]
