"""Templates: how they are listed, reviewed, filled in and refused."""

from typing import Any

import httpx2
import pytest

from tests.pretend_meta import ACCESS_TOKEN, PretendMeta, wait_until

BUSINESS_ACCOUNT_ID = "200000000000001"
Json = dict[str, Any]


def texts(*values: str) -> list[Json]:
    return [{"type": "text", "text": value} for value in values]


def named(**values: str) -> list[Json]:
    return [{"type": "text", "parameter_name": name, "text": value} for name, value in values.items()]


def url_button(value: str, index: str = "2") -> Json:
    return {"type": "button", "sub_type": "url", "index": index, "parameters": texts(value)}


HEADER = {"type": "header", "parameters": texts("AB-1042")}
BODY = {"type": "body", "parameters": texts("Amara", "Monday")}
ORDER_UPDATE = [HEADER, BODY, url_button("AB-1042")]


def send(meta: PretendMeta, name: str, components: list[Json]) -> httpx2.Response:
    template: Json = {"name": name, "language": {"code": "en_US"}}
    if components:
        template["components"] = components
    body = {
        "messaging_product": "whatsapp",
        "to": "+2348035550142",
        "type": "template",
        "template": template,
    }
    return meta.send(body)


def listed(meta: PretendMeta, **query: Any) -> Json:
    path = f"/graph/v25.0/{BUSINESS_ACCOUNT_ID}/message_templates"
    answer = meta.client.get(path, params=query, headers={"Authorization": f"Bearer {ACCESS_TOKEN}"})
    return dict(answer.json())


def id_of(name: str, meta: PretendMeta) -> str:
    return str(listed(meta, name=name)["data"][0]["id"])


def test_pages_lead_through_all_of_them(pretend_meta: PretendMeta) -> None:
    everything = listed(pretend_meta)
    assert "next" not in everything["paging"]
    page = listed(pretend_meta, limit=2)
    found = page["data"]
    while "next" in page["paging"]:
        page = pretend_meta.client.get(
            page["paging"]["next"], headers={"Authorization": f"Bearer {ACCESS_TOKEN}"}
        ).json()
        assert len(page["data"]) <= 2
        found += page["data"]
    assert found == everything["data"]
    assert len(found) > 4
    assert listed(pretend_meta, after=page["paging"]["cursors"]["after"]) == {"data": []}
    assert [t["name"] for t in listed(pretend_meta, status="PENDING")["data"]] == ["winter_offer"]


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "many"}, {"after": "nonsense"}])
def test_pages_that_do_not_exist(pretend_meta: PretendMeta, query: Json) -> None:
    assert listed(pretend_meta, **query)["error"]["code"] == 100


def test_a_template_in_the_bubble(pretend_meta: PretendMeta) -> None:
    payload = {"type": "payload", "payload": "HELP_1042"}
    help_button = {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [payload]}
    answer = send(pretend_meta, "order_update", [*ORDER_UPDATE, help_button])
    assert answer.json()["messages"][0]["message_status"] == "accepted"
    shown = pretend_meta.messages()[-1]
    assert shown["text"] == "Hello Amara, your order leaves us on Monday."
    assert (shown["menu"]["header"], shown["menu"]["footer"]) == (
        "Order AB-1042",
        "You can answer this message.",
    )
    assert shown["menu"]["links"] == [
        {"label": "Follow it", "url": "https://shop.example/orders/AB-1042"},
        {"label": "Call us", "url": "tel:+2342013300000"},
    ]
    wait_until(pretend_meta.statuses, "sent")
    assert pretend_meta.statuses()[0]["pricing"]["category"] == "utility"
    tap = {"type": "button", "reply_to": shown["id"], "choice_id": "HELP_1042"}
    pretend_meta.post("/customers/1/messages", tap)
    wait_until(pretend_meta.incoming, "the tap")
    assert pretend_meta.incoming()[0]["button"] == {"payload": "HELP_1042", "text": "Chat Support"}
    assert pretend_meta.incoming()[0]["context"]["id"] == shown["id"]


def test_named_variables_come_in_any_order(pretend_meta: PretendMeta) -> None:
    body = {"type": "body", "parameters": named(order="AB-1", customer="Amara")}
    assert send(pretend_meta, "parcel_delay", [body]).status_code == 200
    assert pretend_meta.messages()[-1]["text"].startswith("Dear Amara, order AB-1 needs")


@pytest.mark.parametrize(
    ("name", "components", "code"),
    [
        ("order_update", [], 132000),
        ("order_update", [HEADER, BODY], 132000),
        ("order_update", [BODY, url_button("x")], 132000),
        ("order_update", [HEADER, {"type": "body", "parameters": texts("one")}, url_button("x")], 132000),
        ("order_update", [HEADER, BODY, url_button("")], 132000),
        ("order_update", [HEADER, BODY, url_button("x", index="1")], 132012),
        ("order_update", [*ORDER_UPDATE, url_button("x", index="4")], 132012),
        ("order_update", [*ORDER_UPDATE, url_button("x", index="0")], 132012),
        ("order_update", [{"type": "header", "parameters": texts("x" * 60)}, BODY, url_button("x")], 132005),
        ("support_follow_up", [{"type": "body", "parameters": texts("a\nb")}], 132018),
        ("support_follow_up", [{"type": "body", "parameters": texts("a     b")}], 132018),
        ("support_follow_up", [{"type": "body", "parameters": texts("x" * 1000)}], 132005),
        ("support_follow_up", [{"type": "body", "parameters": [{"type": "image"}]}], 132012),
        ("parcel_delay", [{"type": "body", "parameters": texts("Amara", "AB-1")}], 132012),
        ("parcel_delay", [{"type": "body", "parameters": named(order="AB-1", name="Amara")}], 132012),
        ("winter_offer", [{"type": "body", "parameters": texts("20 %")}], 132001),
    ],
)
def test_values_that_do_not_fit(
    pretend_meta: PretendMeta, name: str, components: list[Json], code: int
) -> None:
    assert send(pretend_meta, name, components).json()["error"]["code"] == code
    assert pretend_meta.messages() == []


@pytest.mark.parametrize(("status", "code"), [("REJECTED", 132001), ("PAUSED", 132015), ("DISABLED", 132016)])
def test_a_review_is_told_and_holds(pretend_meta: PretendMeta, status: str, code: int) -> None:
    template_id = id_of("hello_world", pretend_meta)
    pretend_meta.post(f"/templates/{template_id}", {"status": status})
    pretend_meta.post(f"/templates/{template_id}", {"status": status})
    assert send(pretend_meta, "hello_world", []).json()["error"]["code"] == code
    pretend_meta.post(f"/templates/{template_id}", {"status": "APPROVED"})
    assert send(pretend_meta, "hello_world", []).status_code == 200
    wait_until(lambda: len(pretend_meta.events("message_template_status_update")) == 2, "two reviews")
    events = pretend_meta.events("message_template_status_update")
    assert [event["event"] for event in events] == [status, "APPROVED"]
    assert events[0]["message_template_id"] == int(template_id)
    assert (events[0]["reason"] == "INVALID_FORMAT") == (status == "REJECTED")
    assert events[1]["reason"] == "NONE"


def test_a_judgement_of_quality_is_told(pretend_meta: PretendMeta) -> None:
    template_id = id_of("order_update", pretend_meta)
    assert pretend_meta.post(f"/templates/{template_id}", {"quality": "RED"})["status"] == "APPROVED"
    wait_until(lambda: pretend_meta.events("message_template_quality_update"), "the judgement")
    (event,) = pretend_meta.events("message_template_quality_update")
    assert (event["previous_quality_score"], event["new_quality_score"]) == ("GREEN", "RED")
    assert listed(pretend_meta, name="order_update")["data"][0]["quality_score"] == {"score": "RED"}
    pretend_meta.post("/templates/1", {"quality": "RED"}, status=404)
