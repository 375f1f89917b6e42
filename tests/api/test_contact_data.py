"""A customer's data over HTTP and on the command line: handed over, and erased."""

import errno
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from cli import app
from services import contact_export_service, erasure_service
from services.media_storage import get_media_storage
from tests.desk import stored
from tests.running_desk import RunningDesk
from tests.services.erasable_customer import NAME, PHONE, USER_ID, WORDS, Traces, leave_traces


@pytest.fixture
def traces(db: Session) -> Traces:
    return leave_traces(db)


def test_a_customer_gets_what_is_kept_of_them(desk: RunningDesk, traces: Traces) -> None:
    data = desk.data("GET", f"/api/support/contacts/{traces.contact_id}/export")
    assert (data["name"], data["phone_number"]) == (NAME, "2348055512400")
    assert {each["value"] for each in data["identities"]} >= {PHONE, USER_ID}
    text = json.dumps(data)
    for word in ("first words", "before edit", "edited", "caption", "file name", "place", "reply"):
        assert WORDS[word] in text, word
    assert [each["id"] for each in data["tickets"]] == [traces.ticket_id]
    assert "Another matter" not in text, "another customer's"


def test_what_the_desk_noted_of_a_customer_is_handed_over_too(desk: RunningDesk, traces: Traces) -> None:
    base = f"/api/support/contacts/{traces.contact_id}"
    known = {"note": "Prefers to be called", "language": "yo", "timezone": "Africa/Lagos"}
    desk.data("PATCH", base, json={**known, "name": "Mama Ada", "blocked": True})
    data = desk.data("GET", f"{base}/export")
    assert {name: data[name] for name in known} == known
    assert (data["name"], data["profile_name"]) == ("Mama Ada", NAME)
    assert data["blocked_at"] == desk.data("GET", base)["blocked_at"] is not None


def test_an_erased_customer_is_gone_from_the_desk(desk: RunningDesk, traces: Traces) -> None:
    base = f"/api/support/contacts/{traces.contact_id}"
    assert desk.data("POST", f"{base}/erase") is None
    shown = desk.ticket(traces.ticket_id)
    assert (shown["sender_name"], shown["phone_number"], shown["messages"]) == ("Erased customer", None, [])
    for method, path, body in (
        ("GET", "/export", None),
        ("POST", "/erase", None),
        ("GET", "", None),
        ("PATCH", "", {"note": "Back again"}),
    ):
        response = desk.api.request(method, f"{base}{path}", json=body)
        assert (response.status_code, response.json()["code"]) == (404, "contact_not_found")


def _words(output: str) -> str:
    """What stands in the box that errors are shown in."""
    return " ".join(output.replace("│", " ").split())


def test_a_file_that_cannot_be_written_is_told_of_and_not_left_half(
    db: Session, traces: Traces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = CliRunner().invoke
    who = ["--phone", f"+{PHONE}"]
    nowhere = run(app, ["export-contact", str(tmp_path / "nowhere" / "customer.zip"), *who])
    assert (nowhere.exit_code, "No such file" in _words(nowhere.output)) == (2, True)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    archive = tmp_path / "customer.zip"
    with monkeypatch.context() as patch:
        patch.setattr(contact_export_service, "_copy", full)
        broken = run(app, ["export-contact", str(archive), *who])
    assert (broken.exit_code, "No space left" in _words(broken.output)) == (2, True)
    assert not archive.exists()
    assert run(app, ["export-contact", str(archive), *who]).exit_code == 0


def test_a_file_that_is_lost_keeps_nobody_from_the_rest(db: Session, traces: Traces, tmp_path: Path) -> None:
    get_media_storage().delete(traces.media_id)
    archive = tmp_path / "customer.zip"
    done = CliRunner().invoke(app, ["export-contact", str(archive), "--phone", f"+{PHONE}"])
    assert done.exit_code == 0, done.exception
    assert "0 files" in done.output
    assert f"files/{traces.media_id}" in done.output, "who hands it over is told what is missing"
    with zipfile.ZipFile(archive) as opened:
        assert opened.namelist() == ["customer.json"]
        assert WORDS["description"] in opened.read("customer.json").decode()


def test_the_same_on_the_command_line(db: Session, traces: Traces, tmp_path: Path) -> None:
    run = CliRunner().invoke
    who = ["--phone", f"+{PHONE}"]
    archive = tmp_path / "customer.zip"
    assert "1 files" in run(app, ["export-contact", str(archive), *who]).output
    assert archive.stat().st_mode & 0o077 == 0, "nobody else on the machine can read it"
    with zipfile.ZipFile(archive) as opened:
        assert WORDS["description"] in opened.read("customer.json").decode()
        [file] = [name for name in opened.namelist() if name.startswith("files/")]
        assert opened.read(file).decode() == WORDS["file"] + WORDS["exif"]
    assert run(app, ["export-contact", str(archive), *who]).exit_code == 2, "it never overwrites"
    assert run(app, ["erase", *who], input="n\n").exit_code == 1
    assert stored(traces.ticket_id).phone_number
    assert run(app, ["erase", *who, "--yes"]).exit_code == 0
    assert stored(traces.ticket_id).sender_name == "Erased customer"
    assert run(app, ["erase", *who, "--yes"]).exit_code == 2, "nobody has the number any more"
    assert run(app, ["erase"]).exit_code == 2
    get_media_storage().delete(traces.media_id)


def test_who_is_half_erased_is_found_by_a_number_that_is_gone_already(
    db: Session, traces: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That nobody has it would sound as if all were done, while their words are still in the files."""
    command = ["erase", "--phone", f"+{PHONE}", "--yes"]
    with monkeypatch.context() as killed:
        killed.setattr(erasure_service, "_forget_in_files", lambda _: 1 / 0)
        assert CliRunner().invoke(app, command).exit_code == 1
    assert stored(traces.ticket_id).phone_number is None
    assert CliRunner().invoke(app, command).exit_code == 0
    assert erasure_service.unfinished(db) == []
    assert CliRunner().invoke(app, command).exit_code == 2, "nobody has the number any more"
