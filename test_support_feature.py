"""The support feature told as one story, from the customer's phone to the desk and back.

`python test_support_feature.py` starts the desk with a simulated WhatsApp on a database of its own, plays
both sides over HTTP, tells each step with what it saw, and ends at the first that fails.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

ROOT = Path(__file__).resolve().parent
EMAIL, PASSWORD = "ada@example.com", secrets.token_urlsafe(16)
PATIENCE_SECONDS = 20
CUSTOMER = "/simulator/phone/customers/1"

PYTHON_INTERFACE = """
import sys, sqlalchemy
from config.database import SessionLocal, engine
from models.support_ticket import SupportMessage, SupportTicket
from schemas.support_ticket import SupportMessageCreate, SupportMessageSchema, SupportNotificationResponse
from schemas.support_ticket import SupportTicketCreate, SupportTicketResponse
from services.conversation_service import ConversationState
from services.support_service import SupportService as Desk
assert {"support_tickets", "support_messages"} <= set(sqlalchemy.inspect(engine).get_table_names())
assert ConversationState.CHAT_SUPPORT == "chat_support"
db = SessionLocal()
ticket = Desk.create_ticket(db, "0809 555 0186", "Folake", "Where is my swap?")
message = Desk.add_message(db, ticket.id, "user", "Folake", "Hello?")
assert Desk.get_ticket(db=db, ticket_id=ticket.id).messages[0].id == message.id
assert [each.id for each in Desk.get_open_tickets(db, skip=0, limit=1)] == [ticket.id]
assert Desk.get_notifications(db)["has_alerts"] is True
assert Desk.assign_ticket(db, ticket.id, int(sys.argv[1])).assigned_admin_id == int(sys.argv[1])
assert Desk.update_ticket_status(db, ticket.id, "RESOLVED").status == "RESOLVED"
for call, *wrong in ((Desk.add_message, 999999, "admin", "Ada", "Hi"),
                     (Desk.add_message, ticket.id, "ghost", "Ada", "Hi"),
                     (Desk.update_ticket_status, ticket.id, "DONE")):
    try:
        print("no error:", call(db, *wrong))
    except Exception as error:
        print(type(error).__name__)
assert db.query(SupportTicket).count() == 2 and db.query(SupportMessage).count() > 2
print(ticket.id)
"""


class StepFailed(Exception):
    """The text says what was expected and what was seen."""


class Desk:
    """The running desk, over HTTP, and in the simulator the phone of its customer."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and the JSON of the answer; status 0 where nobody answers."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Origin": self.address} | ({"Content-Type": "application/json"} if data else {})
        request = Request(self.address + path, data, headers, method=method)  # noqa: S310 - our own server
        try:
            with self.browser.open(request, timeout=PATIENCE_SECONDS) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)
        except OSError as error:
            return 0, {"status": "no answer", "message": str(error)}

    def data(self, method: str, path: str, body: Any = None) -> Any:
        """The `data` of a call that must go well."""
        status, answer = self.call(method, path, body)
        self.expect((status, answer["status"]), (200, "success"), f"{method} {path} ({answer['message']})")
        return answer["data"]

    def write(self, text: str, **more: Any) -> None:
        """The customer writes."""
        body = {"type": "text", "text": text, **more}
        self.expect(self.call("POST", f"{CUSTOMER}/messages", body)[0], 201, f"the phone and {text!r}")

    def answers(self) -> list[dict[str, Any]]:
        """What the business has sent to the customer's phone, oldest first."""
        _, state = self.call("GET", "/simulator/phone/state")
        return [message for message in state["threads"][0]["messages"] if message["author"] == "business"]

    def ticket(self, ticket_id: int) -> Any:
        """The ticket as the desk shows it, with its messages."""
        return self.data("GET", f"/api/support/tickets/{ticket_id}")

    def texts(self, ticket_id: int) -> dict[str, dict[str, Any]]:
        """The messages of a ticket by what they say."""
        return {row["message"]: row for row in self.ticket(ticket_id)["messages"]}

    def expect(self, seen: object, wanted: object, what: str) -> None:
        """Raises StepFailed unless both are equal."""
        if seen != wanted:
            raise StepFailed(f"{what}: expected {wanted!r}, saw {seen!r}")

    def wait(self, look: Callable[[], Any], wanted: Any, what: str) -> None:
        """Look until this is seen, for a while."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (seen := look()) != wanted:
            if time.monotonic() > deadline:
                raise StepFailed(f"{what}: expected {wanted!r}, saw {seen!r} after {PATIENCE_SECONDS} s")
            time.sleep(0.05)

    def ok(self, sentence: str) -> None:
        """A step went well."""
        print(f"ok  {sentence}", flush=True)


def tell(desk: Desk, environment: dict[str, str]) -> None:
    """The whole story."""
    desk.expect(desk.call("GET", "/api/support/notifications")[0], 401, "a stranger should be sent away")
    admin = desk.data("POST", "/api/auth/login", {"email": EMAIL, "password": PASSWORD})["admin"]
    desk.ok(f"A stranger sees nothing; {admin['email']} signs in.")
    ticket_id = the_customer_asks(desk)
    the_desk_answers(desk, ticket_id, admin)
    the_customer_comes_and_goes(desk, ticket_id)
    the_ticket_ends(desk, ticket_id)
    python_calls(desk, admin["id"], environment)
    wrong_inputs(desk, ticket_id)


def the_customer_asks(desk: Desk) -> int:
    """From the first hello to a ticket with a description."""
    desk.write("Hello")
    desk.wait(lambda: len(desk.answers()), 1, "the bot should answer a hello once")
    menu = desk.answers()[0]
    rows = [row["title"] for section in menu["menu"]["sections"] for row in section["rows"]]
    desk.expect(rows[0], "Chat Support", "the first row of the menu")
    desk.ok(f"The customer says Hello and gets a menu: {', '.join(rows)}.")
    desk.write("Chat Suport")
    desk.wait(lambda: len(desk.answers()), 2, "the bot should answer the wish for a person")
    [ticket], text = desk.data("GET", "/api/support/open-tickets")["tickets"], desk.answers()[1]["text"]
    desk.expect(f"#{ticket['id']}" in text, True, "the answer should name the ticket")
    desk.ok(f'"Chat Suport", misspelt, opens a ticket: "{text[:48]}…"')
    desk.write(description := "The phone I swapped for does not charge")
    desk.wait(lambda: desk.ticket(ticket["id"])["issue_description"], description, "the description")
    desk.expect(len(desk.answers()), 2, "the bot should be silent while a person is in charge")
    desk.ok(f"The next words are the description, and the bot is silent: {description!r}.")
    return int(ticket["id"])


def the_desk_answers(desk: Desk, ticket_id: int, admin: dict[str, Any]) -> None:
    """From the alert to an answer that was read."""
    path = f"/api/support/tickets/{ticket_id}"
    alert = {"open_tickets": 1, "in_progress_tickets": 0, "unassigned_tickets": 1, "has_alerts": True}
    desk.expect(desk.data("GET", "/api/support/notifications"), alert, "the alert")
    listed = desk.data("GET", "/api/support/open-tickets?skip=0&limit=50")
    desk.expect((listed["total"], listed["tickets"][0]["id"]), (1, ticket_id), "the open tickets")
    desk.expect(desk.ticket(ticket_id)["status"], "OPEN", "a new ticket")
    desk.ok("The admin sees the alert, the list of open tickets, and the ticket, which is OPEN.")
    answer = desk.data("POST", f"{path}/messages?sender_type=admin", {"message": "Please send a photo."})
    desk.expect(desk.ticket(ticket_id)["status"], "IN_PROGRESS", "a ticket with an answer")
    desk.ok("The admin answers, and the ticket is IN_PROGRESS.")
    desk.wait(lambda: desk.answers()[-1]["text"], "Please send a photo.", "the phone")
    desk.ok("The answer is on the customer's phone.")

    def tick() -> tuple[bool, str]:
        ticks = desk.texts(ticket_id)[answer["message"]]["delivery"]
        return ticks["sent_at"] is not None, ticks["state"]

    desk.wait(tick, (True, "delivered"), "the ticks of the answer")
    desk.call("POST", f"{CUSTOMER}/open")
    desk.wait(tick, (True, "read"), "the ticks once the customer looks")
    desk.ok("Its ticks went from sent to delivered, and to read when the customer looked.")
    desk.expect(desk.data("POST", f"{path}/read", {})["unread_count"], 0, "unread messages once read")
    desk.write("Here it is")
    desk.wait(lambda: desk.ticket(ticket_id)["unread_count"], 1, "the unread messages")
    desk.ok("The customer writes again: one message is unread.")
    name = desk.data("PATCH", path, {"assigned_admin_id": admin["id"]})["assigned_admin_name"]
    desk.expect(name, admin["name"], "the assignee")
    desk.ok(f"The ticket is assigned to {name}.")


def the_customer_comes_and_goes(desk: Desk, ticket_id: int) -> None:
    """Back to the menu, and back to the person."""
    answers, path = len(desk.answers()), f"/api/support/tickets/{ticket_id}"
    desk.write("menu")
    desk.wait(lambda: len(desk.answers()), answers + 1, "the menu after `menu`")
    desk.expect(desk.answers()[-1]["type"], "interactive", "the bot's answer to `menu`")
    desk.expect(desk.ticket(ticket_id)["status"], "IN_PROGRESS", "the ticket after `menu`")
    desk.ok("`menu` leads back to the menu, and the ticket stays open.")
    desk.data("POST", f"{path}/messages", {"message": "Are you still there?"})
    desk.wait(lambda: desk.answers()[-1]["text"], "Are you still there?", "the phone")
    desk.write("Yes, I am")
    desk.wait(lambda: "Yes, I am" in desk.texts(ticket_id), True, "the customer's words in the thread")
    desk.ok("An answer of the desk brings the customer back into the ticket.")


def the_ticket_ends(desk: Desk, ticket_id: int) -> None:
    """Resolved, reopened by a quoted reply, and closed."""
    path, answers = f"/api/support/tickets/{ticket_id}", len(desk.answers())
    desk.expect(desk.data("PATCH", path, {"status": "RESOLVED"})["status"], "RESOLVED", "the ticket")
    desk.write("Thanks, one more thing")
    desk.wait(lambda: len(desk.answers()), answers + 1, "the menu after the end of the ticket")
    desk.expect("Thanks, one more thing" in desk.texts(ticket_id), False, "that message on the ended ticket")
    desk.ok("RESOLVED ends it: the next message gets the menu and is not put on the ticket.")
    quoted = next(m["id"] for m in desk.answers() if m["text"] == "Please send a photo.")
    desk.write("It broke again", reply_to=quoted)
    desk.wait(lambda: desk.ticket(ticket_id)["status"], "OPEN", "the ticket after a quoted reply")
    rows = desk.texts(ticket_id)
    quote = rows["It broke again"]["reply_to_id"]
    desk.expect(quote, rows["Please send a photo."]["id"], "the message that the reply quotes")
    desk.ok("A reply that quotes the ticket reopens it, and the thread shows what it quotes.")
    desk.expect(desk.data("PATCH", path, {"status": "CLOSED"})["status"], "CLOSED", "the ticket")
    desk.expect(desk.data("GET", "/api/support/notifications")["has_alerts"], False, "the alert at the end")
    desk.ok("The ticket is CLOSED, and the alert is gone.")


def python_calls(desk: Desk, admin_id: int, environment: dict[str, str]) -> None:
    """The same database through the Python interface, in another process."""
    command = [sys.executable, "-c", PYTHON_INTERFACE, str(admin_id)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    desk.expect(done.returncode, 0, f"the Python interface should work ({done.stderr[-600:]})")
    *errors, last = done.stdout.splitlines()
    desk.expect(errors, ["TicketNotFound", "UnknownSenderType", "UnknownStatus"], "the named errors")
    desk.expect(desk.ticket(int(last))["status"], "RESOLVED", "the ticket made in Python")
    desk.ok("SupportService does the same from Python, and the desk sees it.")


def wrong_inputs(desk: Desk, ticket_id: int) -> None:
    """Every mistake gets a sentence."""
    ticket, messages = f"/api/support/tickets/{ticket_id}", f"/api/support/tickets/{ticket_id}/messages"
    opening = {"phone_number": "not a number", "sender_name": "Bello", "issue_description": "Help"}
    desk.data("PATCH", ticket, {"status": "OPEN"})
    for method, path, body, wanted in (
        ("GET", "/api/support/tickets/999999", None, (404, "error", "ticket_not_found")),
        ("PATCH", ticket, {"status": "DONE"}, (400, "error", "unknown_status")),
        ("POST", messages, {"message": "   "}, (400, "error", "empty_message")),
        ("POST", messages, {"message": "a" * 4097}, (400, "error", "message_too_long")),
        ("POST", "/api/support/tickets", opening, (400, "error", "invalid_phone_number")),
    ):
        status, answer = desk.call(method, path, body)
        desk.expect((status, answer["status"], answer.get("code")), wanted, f"{method} {path}")
        desk.ok(f"A mistake gets a sentence: {answer['message']}")


@contextmanager
def running_desk() -> Iterator[tuple[Desk, dict[str, str]]]:
    """A desk in simulator mode on a free port and an empty database, and the environment it runs in."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="chat-support-story-") as folder:
        settings = {"DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/story.db", "PORT": port}
        settings |= {"HOST": "127.0.0.1", "PUBLIC_URL": f"http://127.0.0.1:{port}", "REDIS_URL": ""}
        settings |= {"WHATSAPP_PROVIDER": "simulator", "ADMIN_EMAIL": EMAIL, "ADMIN_PASSWORD": PASSWORD}
        others = {key: value for key, value in os.environ.items() if not key.startswith("WHATSAPP_")}
        environment, log_path = others | settings, Path(folder) / "log"
        with (
            log_path.open("wb") as log,
            subprocess.Popen(
                [sys.executable, "cli.py", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
            ) as process,
        ):
            try:
                desk = Desk(f"http://127.0.0.1:{port}")
                desk.wait(lambda: desk.call("GET", "/api/health/live")[0], 200, "the desk should start")
                yield desk, environment
            except StepFailed:
                print(f"The desk's log ends with:\n{log_path.read_text()[-2000:]}", file=sys.stderr)
                raise
            finally:
                process.terminate()  # leaving the block waits for it


def test_the_story() -> None:
    """The story as a test."""
    with running_desk() as (desk, environment):
        tell(desk, environment)


def main() -> int:
    """The story as a program; gives its exit status."""
    print("From the phone to the desk and back\n")
    try:
        test_the_story()
    except StepFailed as failure:
        print(f"NOT OK  {failure}", file=sys.stderr)
        return 1
    print("\nThe whole story holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
