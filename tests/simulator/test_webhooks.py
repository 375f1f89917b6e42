"""The webhooks back to the desk: form, signature, statuses, order and retries."""

import hashlib
import hmac
import json

from simulator.webhook_payloads import encode, signature
from tests.pretend_meta import (
    APP_SECRET,
    BUSINESS_NUMBER,
    PHONE_NUMBER_ID,
    PretendMeta,
    wait_until,
)

AMARA = "2348035550142"


def reply(text: str = "Good morning", **more: object) -> dict[str, object]:
    return {"messaging_product": "whatsapp", "to": f"+{AMARA}", "text": {"body": text}} | more


def test_the_signature_of_the_known_example() -> None:
    body = b'{"object":"whatsapp_business_account","entry":[]}'
    expected = "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"
    assert signature("test_app_secret", body) == expected


def test_json_is_escaped_as_meta_escapes_it() -> None:
    payload = {"text": "é / @ 👍"}
    assert encode(payload) == rb'{"text":"\u00e9 \/ \u0040 \ud83d\udc4d"}'
    assert json.loads(encode(payload)) == payload


def test_a_text_arrives_signed_over_its_raw_bytes(pretend_meta: PretendMeta) -> None:
    message = pretend_meta.write("Ẹ káàárọ̀ / hello @ shop 👍")
    wait_until(lambda: pretend_meta.received, "the webhook")
    hook = pretend_meta.received[0]
    digest = hmac.new(APP_SECRET.encode(), hook.body, hashlib.sha256).hexdigest()
    assert hook.signature == f"sha256={digest}"
    user_id = pretend_meta.customer()["user_id"]
    assert user_id.startswith("NG.")
    assert hook.value == {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": BUSINESS_NUMBER, "phone_number_id": PHONE_NUMBER_ID},
        "contacts": [{"profile": {"name": "Amara Nwosu"}, "user_id": user_id, "wa_id": AMARA}],
        "messages": [
            {
                "from": AMARA,
                "from_user_id": user_id,
                "id": message["id"],
                "timestamp": str(message["at"]),
                "type": "text",
                "text": {"body": "Ẹ káàárọ̀ / hello @ shop 👍"},
            }
        ],
    }


def test_someone_without_a_number_has_neither_from_nor_wa_id(pretend_meta: PretendMeta) -> None:
    tola = pretend_meta.post("/customers", {"name": "Tola Bright"})
    assert (tola["phone_number"], tola["username"]) == (None, "tola.bright")
    pretend_meta.write("Hello", tola["id"])
    wait_until(lambda: pretend_meta.received, "the webhook")
    value = pretend_meta.received[0].value
    assert value["contacts"] == [
        {"profile": {"name": "Tola Bright", "username": "tola.bright"}, "user_id": tola["user_id"]}
    ]
    assert value["messages"][0]["from_user_id"] == tola["user_id"]
    assert "from" not in value["messages"][0]


def test_sent_delivered_and_read_carry_our_data(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    answer = pretend_meta.send(reply(biz_opaque_callback_data="outbox:7"))
    message_id = answer.json()["messages"][0]["id"]
    wait_until(lambda: len(pretend_meta.statuses()) == 2, "sent and delivered")
    assert pretend_meta.customer()["unread"] == 1
    assert pretend_meta.post("/customers/1/open")["unread"] == 0
    wait_until(lambda: len(pretend_meta.statuses()) == 3, "read")
    statuses = pretend_meta.statuses()
    assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    for status in statuses:
        assert status["id"] == message_id
        assert status["biz_opaque_callback_data"] == "outbox:7"
        assert status["recipient_id"] == AMARA
        assert status["timestamp"].isdecimal()
    free = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
    assert [status.get("pricing") for status in statuses] == [free, free, None]


def test_a_chat_opened_at_once_is_delivered_on_the_way(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    pretend_meta.misbehave(webhooks={"hold": True})
    pretend_meta.send(reply())
    pretend_meta.post("/customers/1/open")
    pretend_meta.post("/customers/1/open")
    pretend_meta.misbehave()
    wait_until(lambda: len(pretend_meta.statuses()) == 3, "three statuses")
    assert [status["status"] for status in pretend_meta.statuses()] == ["sent", "delivered", "read"]


def test_a_number_that_is_not_on_whatsapp_fails_later(pretend_meta: PretendMeta) -> None:
    gone = pretend_meta.post("/customers", {"name": "Gone", "phone_number": "+234 803 555 0000"})
    pretend_meta.write("Hello", gone["id"])
    assert pretend_meta.send(reply(to="+2348035550000")).status_code == 200
    wait_until(pretend_meta.statuses, "the failure")
    (status,) = pretend_meta.statuses()
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131026)
    assert "pricing" not in status
    assert pretend_meta.messages(gone["id"])[-1]["error"] == "Message undeliverable"


def test_anything_but_200_is_tried_again_and_the_rest_waits(pretend_meta: PretendMeta) -> None:
    pretend_meta.refusals = [500, 202, 401, 301]
    first, second = pretend_meta.write("one"), pretend_meta.write("two")
    wait_until(lambda: len(pretend_meta.received) == 6, "five tries of the first and the second")
    assert [m["id"] for m in pretend_meta.incoming()] == [first["id"]] * 5 + [second["id"]]
    assert len({hook.body for hook in pretend_meta.received[:5]}) == 1, "the same bytes each time"


def test_a_desk_that_is_away_gets_everything_later(pretend_meta: PretendMeta) -> None:
    pretend_meta.point_at("http://127.0.0.1:9/nobody-listens-here")
    pretend_meta.write("Hello")
    assert pretend_meta.get("/state")["webhooks_waiting"] == 1
    assert pretend_meta.messages()[0]["status"] == "sent"
    pretend_meta.point_at(pretend_meta.webhook_url)
    wait_until(lambda: pretend_meta.messages()[0]["status"] == "delivered", "two ticks")
    assert len(pretend_meta.received) == 1
    assert pretend_meta.get("/state")["webhooks_waiting"] == 0


def test_each_customer_is_served_in_order(pretend_meta: PretendMeta) -> None:
    for number in range(20):
        pretend_meta.write(str(number), str(number % 3 + 1))
    wait_until(lambda: len(pretend_meta.received) == 20, "all webhooks")
    for customer_id in "123":
        sent = [message["text"] for message in pretend_meta.messages(customer_id)]
        number = pretend_meta.customer(customer_id)["phone_number"]
        came = [m["text"]["body"] for m in pretend_meta.incoming() if m["from"] == number]
        assert came == sent
