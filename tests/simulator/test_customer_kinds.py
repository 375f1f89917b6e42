"""Every kind that a customer can send, as the desk gets it, and what can be done to a message afterwards."""

import io
from typing import Any

import av
import pytest

from tests.pretend_meta import BUSINESS_NUMBER, PretendMeta, wait_until

AMARA = "2348035550142"
PDF = {"mime_type": "application/pdf", "filename": "receipt.pdf"}
CARD = {"name": "Bello Danjuma", "phones": ["+234 806 555 0173"]}


def posted(meta: PretendMeta, **message: Any) -> dict[str, Any]:
    return dict(meta.post("/customers/1/messages", message))


def hook(meta: PretendMeta, number: int = -1, count: int = 1) -> dict[str, Any]:
    wait_until(lambda: len(meta.incoming()) >= count, "the webhook")
    return meta.incoming()[number]


def answered(meta: PretendMeta, **more: Any) -> str:
    body = {"messaging_product": "whatsapp", "to": f"+{AMARA}", "text": {"body": "Good morning"}}
    return str(meta.send(body | more).raise_for_status().json()["messages"][0]["id"])


@pytest.mark.parametrize(
    ("kind", "type_", "expected"),
    [
        ("image", "image", {"mime_type": "image/jpeg", "caption": "Look"}),
        ("video", "video", {"mime_type": "video/mp4", "caption": "Look"}),
        ("voice", "audio", {"mime_type": "audio/ogg; codecs=opus", "voice": True}),
        ("audio", "audio", {"mime_type": "audio/mpeg", "voice": False}),
        (
            "document",
            "document",
            PDF | {"caption": "Look"},
        ),
        ("sticker", "sticker", {"mime_type": "image/webp", "animated": False}),
    ],
)
def test_media(pretend_meta: PretendMeta, kind: str, type_: str, expected: dict[str, Any]) -> None:
    message = posted(pretend_meta, type=kind, text="Look")
    webhook = hook(pretend_meta)
    assert webhook["type"] == message["type"] == type_
    content = webhook[type_]
    assert {key: content[key] for key in content if key not in ("id", "sha256")} == expected
    assert message["media"]["kind"] == kind


def test_an_own_file(pretend_meta: PretendMeta) -> None:
    png = b"\x89PNG\r\n\x1a\n"
    file = pretend_meta.client.post(
        "/phone/files?kind=image&filename=lamp.png", content=png, headers={"Content-Type": "image/png"}
    ).json()
    message = posted(pretend_meta, type="image", file_id=file["id"])
    assert hook(pretend_meta)["image"]["mime_type"] == "image/png"
    shown = pretend_meta.client.get(f"/phone/files/{message['media']['id']}")
    assert (shown.content, shown.headers["content-type"]) == (png, "image/png")
    pretend_meta.post("/customers/1/messages", {"type": "image", "file_id": "1"}, status=404)
    assert pretend_meta.client.post("/phone/files?kind=image", content=b"").status_code == 422
    assert pretend_meta.client.get("/phone/files/1").status_code == 404


def test_a_recording_becomes_a_voice_note(pretend_meta: PretendMeta) -> None:
    sample = pretend_meta.simulator.world.files.add_sample("voice").content
    webm = io.BytesIO()
    with av.open(io.BytesIO(sample), "r") as source, av.open(webm, "w", format="webm") as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    url, header = "/phone/files?kind=voice", {"Content-Type": "audio/webm;codecs=opus"}
    file = pretend_meta.client.post(url, content=webm.getvalue(), headers=header).json()
    assert file["mime_type"] == "audio/ogg; codecs=opus"
    content = pretend_meta.client.get(f"/phone/files/{file['id']}").content
    with av.open(io.BytesIO(content), "r", format="ogg") as made:
        voice = made.streams.audio[0]
        assert (voice.codec_context.name, voice.channels) == ("opus", 1)
        assert sum(frame.samples for frame in made.decode(audio=0)) > 48_000, "more than a second"
    for nonsense, mime_type in ((b"x" * 100, "audio/webm"), (sample, "audio/flac"), (b"", "audio/ogg")):
        answer = pretend_meta.client.post(url, content=nonsense, headers={"Content-Type": mime_type})
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("wanted", "status", "content"),
    [
        ("bytes=2-4", 206, b"cde"),
        ("bytes=4-", 206, b"ef"),
        ("bytes=0-99", 206, b"abcdef"),
        ("bytes=6-", 416, None),
        ("bytes=-2", 200, b"abcdef"),
        ("nonsense", 200, b"abcdef"),
    ],
)
def test_a_player_asks_for_parts(
    pretend_meta: PretendMeta, wanted: str, status: int, content: bytes | None
) -> None:
    file = pretend_meta.simulator.world.files.add(b"abcdef", "audio/ogg; codecs=opus")
    answer = pretend_meta.client.get(f"/phone/files/{file.id}", headers={"Range": wanted})
    assert answer.status_code == status
    assert content is None or answer.content == content
    assert wanted != "bytes=2-4" or answer.headers["content-range"] == "bytes 2-4/6"


def test_a_file_that_may_hold_scripts_is_downloaded(pretend_meta: PretendMeta) -> None:
    for mime_type in ("text/html", "image/svg+xml", "text/javascript"):
        file = pretend_meta.client.post(
            "/phone/files?kind=document", content=b"<script>", headers={"Content-Type": mime_type}
        ).json()
        answer = pretend_meta.client.get(f"/phone/files/{file['id']}?filename=é.html")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A9.html"


def test_a_place(pretend_meta: PretendMeta) -> None:
    posted(pretend_meta, type="location", text="Shop", address="1 Marina", latitude=6.45, longitude=3.39)
    place = {"latitude": 6.45, "longitude": 3.39, "name": "Shop", "address": "1 Marina"}
    assert hook(pretend_meta)["location"] == place
    message = posted(pretend_meta, type="location")
    assert set(hook(pretend_meta, count=2)["location"]) == {"latitude", "longitude"}
    assert message["place"]["latitude"] == 6.5244


def test_cards(pretend_meta: PretendMeta) -> None:
    message = posted(pretend_meta, type="contacts", cards=[CARD])
    assert message["cards"] == [CARD]
    assert hook(pretend_meta)["contacts"] == [
        {
            "name": {"formatted_name": "Bello Danjuma", "first_name": "Bello"},
            "phones": [{"phone": "+234 806 555 0173", "wa_id": "2348065550173", "type": "MOBILE"}],
        }
    ]


def test_an_order(pretend_meta: PretendMeta) -> None:
    posted(pretend_meta, type="order", text="Before Friday")
    order = hook(pretend_meta)["order"]
    assert order["text"] == "Before Friday"
    assert {item["currency"] for item in order["product_items"]} == {"NGN"}


def test_kinds_without_a_picture(pretend_meta: PretendMeta) -> None:
    posted(pretend_meta, type="unsupported")
    assert hook(pretend_meta)["errors"][0]["code"] == 131051
    posted(pretend_meta, type="hologram")
    assert hook(pretend_meta, count=2)["hologram"] == {"id": "77", "depth": 3}
    posted(pretend_meta, type="request_welcome")
    assert set(hook(pretend_meta, count=3)) == {"from", "from_user_id", "id", "timestamp", "type"}


def test_marks_of_where_it_came_from(pretend_meta: PretendMeta) -> None:
    once = posted(pretend_meta, type="text", text="Joke", forwarded="once")
    assert once["forwarded"] == "once"
    assert hook(pretend_meta)["context"] == {"forwarded": True}
    posted(pretend_meta, type="image", forwarded="often", from_ad=True)
    webhook = hook(pretend_meta, count=2)
    assert webhook["context"] == {"frequently_forwarded": True}
    assert webhook["referral"]["source_type"] == "ad"


def test_reactions_are_added_changed_and_removed(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    answer_id = answered(pretend_meta)
    path = f"/customers/1/messages/{answer_id}/reaction"
    for count, emoji in enumerate(("👍", "❤️", ""), start=2):
        assert pretend_meta.post(path, {"emoji": emoji})["reactions"]["customer"] == (emoji or None)
        reaction = hook(pretend_meta, count=count)["reaction"]
        assert reaction == {"message_id": answer_id} | ({"emoji": emoji} if emoji else {})
    assert len(pretend_meta.messages()) == 2, "a reaction is no bubble"


def test_the_business_reacts(pretend_meta: PretendMeta) -> None:
    question = pretend_meta.write("Hello")
    for emoji in ("🙏", ""):
        reaction = {"message_id": question["id"], "emoji": emoji}
        answered(pretend_meta, type="reaction", reaction=reaction)
        assert pretend_meta.messages()[0]["reactions"]["business"] == (emoji or None)
    wait_until(lambda: len(pretend_meta.statuses()) == 2, "two statuses")
    assert [status["status"] for status in pretend_meta.statuses()] == ["sent", "sent"]
    assert len(pretend_meta.messages()) == 1
    body = {"messaging_product": "whatsapp", "to": f"+{AMARA}", "type": "reaction"}
    unknown = pretend_meta.send(body | {"reaction": {"message_id": "wamid.x", "emoji": "🙏"}})
    assert unknown.json()["error"]["code"] == 131009


def test_the_business_sends_cards_and_places(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    name = {"formatted_name": "Repair desk", "first_name": "Repair"}
    card = {"name": name, "phones": [{"phone": "+2342013300000", "type": "WORK"}]}
    answered(pretend_meta, type="contacts", contacts=[card])
    assert pretend_meta.messages()[-1]["cards"] == [{"name": "Repair desk", "phones": ["+2342013300000"]}]
    answered(pretend_meta, type="location", location={"latitude": 6.5, "longitude": 3.4, "name": "Shop"})
    place = {"latitude": 6.5, "longitude": 3.4, "name": "Shop", "address": None}
    assert pretend_meta.messages()[-1]["place"] == place
    body = {"messaging_product": "whatsapp", "to": f"+{AMARA}", "type": "contacts"}
    for cards in ([], [{"name": {"formatted_name": "Only"}}], [card] * 258):
        assert pretend_meta.send(body | {"contacts": cards}).json()["error"]["code"] == 131009


def test_an_edit(pretend_meta: PretendMeta) -> None:
    message = pretend_meta.write("AB-1042")
    edited = pretend_meta.post(f"/customers/1/messages/{message['id']}/edit", {"text": "AB-1043"})
    assert (edited["text"], edited["is_edited"]) == ("AB-1043", True)
    webhook = hook(pretend_meta, count=2)
    assert webhook["id"] != message["id"]
    assert webhook["edit"] == {
        "original_message_id": message["id"],
        "message": {"context": {"id": "M0"}, "type": "text", "text": {"body": "AB-1043"}},
    }


def test_a_caption_is_edited(pretend_meta: PretendMeta) -> None:
    message = posted(pretend_meta, type="image")
    pretend_meta.post(f"/customers/1/messages/{message['id']}/edit", {"text": "The lamp"})
    image = hook(pretend_meta, count=2)["edit"]["message"]["image"]
    assert (image["caption"], image["id"]) == ("The lamp", message["media"]["id"])


def test_a_removal(pretend_meta: PretendMeta) -> None:
    message = posted(pretend_meta, type="image", text="Private")
    answer = pretend_meta.client.delete(f"/phone/customers/1/messages/{message['id']}").json()
    assert (answer["text"], answer["media"], answer["is_deleted"]) == ("", None, True)
    assert hook(pretend_meta, count=2)["revoke"] == {"original_message_id": message["id"]}
    pretend_meta.post(f"/customers/1/messages/{message['id']}/edit", {"text": "Again"}, status=409)


def test_only_own_and_young_messages_change(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    answer_id = answered(pretend_meta)
    place = posted(pretend_meta, type="location")
    pretend_meta.post("/customers/1/clock", {"hours_behind": 1})
    old = pretend_meta.write("An hour ago")
    for message_id in (answer_id, place["id"], old["id"]):
        pretend_meta.post(f"/customers/1/messages/{message_id}/edit", {"text": "x"}, status=409)
    assert pretend_meta.client.delete(f"/phone/customers/1/messages/{answer_id}").status_code == 409
    assert pretend_meta.client.delete(f"/phone/customers/1/messages/{old['id']}").status_code == 200
    assert pretend_meta.client.delete("/phone/customers/1/messages/wamid.x").status_code == 404


def test_a_new_number(pretend_meta: PretendMeta) -> None:
    before = pretend_meta.customer()
    after = pretend_meta.post("/customers/1/number", {"phone_number": "+234 803 555 0199"})
    assert after["phone_number"] == "2348035550199"
    assert after["user_id"] != before["user_id"]
    webhook = hook(pretend_meta)
    assert webhook["from"] == AMARA
    assert webhook["system"] == {
        "type": "user_changed_number",
        "body": f"User Amara Nwosu changed from {AMARA} to 2348035550199",
        "wa_id": "2348035550199",
        "user_id": after["user_id"],
        "previous_user_id": before["user_id"],
    }
    assert "contacts" not in pretend_meta.received[0].value
    pretend_meta.post("/customers/2/number", {"phone_number": "2348035550199"}, status=409)
    pretend_meta.post("/customers/2/number", {"phone_number": "0803"}, status=422)


def test_a_number_is_hidden_behind_a_user_name(pretend_meta: PretendMeta) -> None:
    after = pretend_meta.post("/customers/1/number", {})
    assert (after["phone_number"], after["username"]) == (None, "amara.nwosu")
    assert hook(pretend_meta)["system"]["type"] == "user_changed_user_id"
    pretend_meta.write("It is me")
    assert "from" not in hook(pretend_meta, count=2)


def test_a_voice_note_is_played(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    file = pretend_meta.simulator.world.files.add(b"OggS", "audio/ogg; codecs=opus", is_uploaded=True)
    answer_id = answered(pretend_meta, type="audio", audio={"id": file.id, "voice": True})
    path = f"/customers/1/messages/{answer_id}/played"
    assert pretend_meta.post(path)["status"] == "played"
    wait_until(lambda: len(pretend_meta.statuses()) == 4, "four statuses")
    statuses = [status["status"] for status in pretend_meta.statuses()]
    assert statuses == ["sent", "delivered", "read", "played"]
    text_id = answered(pretend_meta)
    pretend_meta.post(f"/customers/1/messages/{text_id}/played", status=409)


def test_quotes_say_what_kind_they_quote(pretend_meta: PretendMeta) -> None:
    photo = posted(pretend_meta, type="image")
    reply = pretend_meta.write("This one", reply_to=photo["id"])
    assert (reply["quote"]["type"], reply["quote"]["text"]) == ("image", "")
    assert hook(pretend_meta, count=2)["context"] == {"from": AMARA, "id": photo["id"]}
    assert BUSINESS_NUMBER not in str(hook(pretend_meta)["context"])
