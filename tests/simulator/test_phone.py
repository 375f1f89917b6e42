"""What the customers do: write, tap, quote, and hear of changes at once."""

import asyncio
import json
from typing import Any

from simulator.app import create_simulator
from simulator.people import Change
from tests.pretend_meta import BUSINESS_NUMBER, PretendMeta, wait_until

TO_AMARA = {"messaging_product": "whatsapp", "to": "+2348035550142"}
MENU = TO_AMARA | {
    "type": "interactive",
    "interactive": {
        "type": "list",
        "header": {"type": "text", "text": "Welcome"},
        "body": {"text": "How can we help?"},
        "action": {
            "button": "Choose",
            "sections": [{"rows": [{"id": "support", "title": "Chat Support", "description": "A person"}]}],
        },
    },
}
BUTTONS = TO_AMARA | {
    "type": "interactive",
    "interactive": {
        "type": "button",
        "body": {"text": "Happy?"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "yes", "title": "Yes"}}]},
    },
}


def sent(meta: PretendMeta, body: dict[str, Any]) -> str:
    meta.write("Hello")
    return str(meta.send(body).raise_for_status().json()["messages"][0]["id"])


def last_incoming(meta: PretendMeta, message: dict[str, Any]) -> dict[str, Any]:
    wait_until(lambda: any(m["id"] == message["id"] for m in meta.incoming()), "the webhook")
    return next(m for m in meta.incoming() if m["id"] == message["id"])


def test_a_row_of_a_list_is_tapped(pretend_meta: PretendMeta) -> None:
    menu_id = sent(pretend_meta, MENU)
    shown = pretend_meta.messages()[-1]["menu"]
    assert (shown["header"], shown["list_label"]) == ("Welcome", "Choose")
    tap = {"type": "list_reply", "reply_to": menu_id, "choice_id": "support"}
    message = pretend_meta.post("/customers/1/messages", tap)
    assert message["text"] == "Chat Support"
    webhook = last_incoming(pretend_meta, message)
    row = {"id": "support", "title": "Chat Support", "description": "A person"}
    assert webhook["interactive"] == {"type": "list_reply", "list_reply": row}
    assert webhook["context"] == {"from": BUSINESS_NUMBER, "id": menu_id}


def test_a_button_is_tapped(pretend_meta: PretendMeta) -> None:
    tap = {"type": "button_reply", "reply_to": sent(pretend_meta, BUTTONS), "choice_id": "yes"}
    webhook = last_incoming(pretend_meta, pretend_meta.post("/customers/1/messages", tap))
    assert webhook["interactive"] == {"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes"}}


def test_only_what_is_there_can_be_tapped(pretend_meta: PretendMeta) -> None:
    menu_id = sent(pretend_meta, MENU)
    for tap in (
        {"type": "list_reply", "reply_to": menu_id, "choice_id": "other"},
        {"type": "button_reply", "reply_to": menu_id, "choice_id": "support"},
        {"type": "list_reply", "reply_to": "wamid.unknown", "choice_id": "support"},
    ):
        pretend_meta.post("/customers/1/messages", tap, status=404)
    pretend_meta.post("/customers/99/messages", {"text": "Hello"}, status=404)


def test_quotes_show_on_both_sides(pretend_meta: PretendMeta) -> None:
    question = pretend_meta.write("Is the lamp still there?")
    answer = TO_AMARA | {"text": {"body": "Yes"}, "context": {"message_id": question["id"]}}
    answer_id = pretend_meta.send(answer).json()["messages"][0]["id"]
    assert pretend_meta.messages()[-1]["quote"] == {
        "message_id": question["id"],
        "author": "customer",
        "type": "text",
        "text": "Is the lamp still there?",
    }
    thanks = pretend_meta.write("Thanks", reply_to=answer_id)
    assert thanks["quote"]["text"] == "Yes"
    assert last_incoming(pretend_meta, thanks)["context"] == {"from": BUSINESS_NUMBER, "id": answer_id}


def test_things_that_are_not_text(pretend_meta: PretendMeta) -> None:
    for kind in ("image", "location", "unsupported"):
        message = pretend_meta.post("/customers/1/messages", {"type": kind, "text": "Here"})
        webhook = last_incoming(pretend_meta, message)
        assert webhook["type"] == kind
        assert kind in webhook


def test_customers_are_added(pretend_meta: PretendMeta) -> None:
    for number in ("08035550142", "+234 80", "call me"):
        refusal = pretend_meta.post("/customers", {"name": "Chidi", "phone_number": number}, status=422)
        assert "country code" in refusal["detail"]
    chidi = pretend_meta.post("/customers", {"name": " Chidi Eze ", "phone_number": "+234 706-555-0119"})
    assert (chidi["name"], chidi["phone_number"]) == ("Chidi Eze", "2347065550119")
    pretend_meta.post("/customers", {"name": "Again", "phone_number": "2347065550119"}, status=409)
    pretend_meta.post("/customers", {"name": "  "}, status=422)
    twins = [pretend_meta.post("/customers", {"name": "Tola"}) for _ in range(2)]
    assert [twin["username"] for twin in twins] == ["tola", "tola2"]
    assert twins[0]["user_id"] != twins[1]["user_id"]


def test_changes_are_told_at_once(pretend_meta: PretendMeta) -> None:
    with pretend_meta.client.stream("GET", "/phone/events") as stream:
        changes = (json.loads(line[5:]) for line in stream.iter_lines() if line.startswith("data:"))
        assert next(changes)["type"] == "reset"
        message = pretend_meta.write("Hello")
        change = next(changes)
        assert (change["type"], change["message"]["id"]) == ("message", message["id"])
        assert next(changes)["message"]["status"] == "delivered"
        mark = {"messaging_product": "whatsapp", "status": "read", "message_id": message["id"]}
        pretend_meta.send(mark | {"typing_indicator": {"type": "text"}})
        assert next(changes)["message"]["status"] == "read"
        assert next(changes)["type"] == "typing"
        tola = pretend_meta.post("/customers", {"name": "Tola"})
        assert next(changes) == {"type": "customer", "customer": tola, "message": None}


def test_a_closed_stream_is_forgotten(pretend_meta: PretendMeta) -> None:
    with pretend_meta.client.stream("GET", "/phone/events") as stream:
        lines = stream.iter_lines()
        next(lines)
        assert len(pretend_meta.simulator.world.listeners) == 1
    wait_until(lambda: not pretend_meta.simulator.world.listeners, "the listener to leave")


def test_at_the_end_streams_close_and_nothing_runs_on() -> None:
    async def a_short_life() -> None:
        simulator = create_simulator(
            webhook_url="http://127.0.0.1:9/nobody-listens-here",
            app_secret="secret",
            access_token="token",
            phone_number_id="1",
            display_phone_number=BUSINESS_NUMBER,
        )
        stream: asyncio.Queue[Change | None] = asyncio.Queue()
        async with simulator.running():
            simulator.world.listeners.add(stream)
            simulator.webhooks.add("1", {"messages": []})
            await asyncio.sleep(0)
        assert stream.get_nowait() is None
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(a_short_life())


def test_the_openapi_document_holds_the_phone_alone(pretend_meta: PretendMeta) -> None:
    paths = pretend_meta.get("/openapi.json")["paths"]
    assert "/customers/{customer_id}/messages" in paths
    assert not any(path.startswith(("/graph", "/api")) for path in paths)
