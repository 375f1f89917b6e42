"""Files on their whole way: from a customer's phone to the desk, and from the desk to the phone."""

from typing import Any

import pytest

from config.settings import ROOT
from tests.pretend_media import photo, sound
from tests.pretend_meta import wait_until
from tests.running_desk import RunningDesk

SAMPLES = ROOT / "simulator" / "samples"


def thread_of(desk: RunningDesk) -> list[dict[str, Any]]:
    """The thread of the one ticket."""
    ticket = desk.data("GET", "/api/support/tickets")["tickets"][0]
    return list(desk.ticket(ticket["id"])["messages"])


@pytest.fixture
def ticket_id(desk: RunningDesk) -> int:
    """A customer of the simulator has asked for a person."""
    desk.meta.write("Please, I want to talk to a person. Chat support!")
    wait_until(lambda: desk.data("GET", "/api/support/tickets")["tickets"], "the ticket")
    return int(desk.data("GET", "/api/support/tickets")["tickets"][0]["id"])


def test_every_file_of_a_customer_comes_to_the_desk(desk: RunningDesk, ticket_id: int) -> None:
    kinds = {
        "image": "photo.jpg",
        "video": "clip.mp4",
        "audio": "song.mp3",
        "voice": "voice.ogg",
        "document": "receipt.pdf",
        "sticker": "sticker.webp",
    }
    for kind in kinds:
        desk.meta.post("/customers/1/messages", {"type": kind})

    def files() -> list[dict[str, Any]]:
        return [message["media"] for message in thread_of(desk) if message["media"]]

    wait_until(lambda: len(files()) == 6 and all(each["state"] == "stored" for each in files()), "the files")
    for media in files():
        content = (SAMPLES / kinds[media["kind"]]).read_bytes()
        assert desk.api.get(media["url"]).content == content
        assert (media["size"], media["error"]) == (len(content), None)
        assert (media["thumbnail_url"] is not None) is (media["kind"] in ("image", "video", "sticker"))
        assert (media["playable_url"] is not None) is (media["kind"] == "voice")
        for form in (media["thumbnail_url"], media["playable_url"]):
            assert form is None or desk.api.get(form).status_code == 200


def test_a_file_that_fails_can_be_fetched_again(desk: RunningDesk, ticket_id: int) -> None:
    desk.meta.misbehave(media={"problem": "altered", "times": 1})
    desk.meta.post("/customers/1/messages", {"type": "image"})

    def media() -> dict[str, Any]:
        return next((each["media"] for each in thread_of(desk) if each["media"]), {})

    wait_until(lambda: media().get("error"), "the trouble to be told")
    assert "checksum" in media()["error"]
    assert media()["state"] == "pending"
    desk.data("POST", f"/api/support/media/{media()['id']}/fetch", json={})
    wait_until(lambda: media()["state"] == "stored", "the file")


def test_files_of_the_desk_come_to_the_phone(desk: RunningDesk, ticket_id: int) -> None:
    for kind, content, name in (
        ("image", photo(), "shop.jpg"),
        ("voice", sound("webm"), "recording.webm"),
        ("document", b"%PDF-1.7 invoice", "invoice.pdf"),
    ):
        query = {"ticket_id": ticket_id, "kind": kind, "filename": name}
        media = desk.data("POST", "/api/support/media", params=query, content=content)
        words = "" if kind == "voice" else f"This is {name}"
        body = {"message": words, "media_id": media["id"]}
        desk.data("POST", f"/api/support/tickets/{ticket_id}/messages", json=body)

    def arrived() -> list[dict[str, Any]]:
        bodies = [each["body"] for each in desk.meta.requests()]
        return [body for body in bodies if body.get("type") in ("image", "audio", "document")]

    wait_until(lambda: len(arrived()) == 3, "the files on the phone")
    image, voice, document = arrived()
    assert set(image["image"]) == {"id", "caption"}
    assert (set(voice["audio"]), voice["audio"]["voice"]) == ({"id", "voice"}, True)
    assert {**document["document"], "id": "…"} == {
        "id": "…",
        "caption": "This is invoice.pdf",
        "filename": "invoice.pdf",
    }

    def sent() -> list[dict[str, Any]]:
        return [message for message in thread_of(desk) if message["media"]]

    # the phone has a file before the desk has written down the answer to its own request
    wait_until(
        lambda: {each["delivery"]["state"] for each in sent()} <= {"sent", "delivered", "read"}, "the ticks"
    )
    assert [message["kind"] for message in sent()] == ["image", "voice", "document"]
