"""A customer and an admin talk, over desks that may die at any moment and are started again."""

import time
import uuid
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any

from sqlalchemy import func, select

from config.database import SessionLocal
from config.settings import ROOT
from models import InboundEvent, MediaFile, OutboundMessage, SupportMessage
from models.inbound_event import InboundState
from models.media_file import MediaState
from tests.faults.checker import UNDER_WAY, Promised, violations
from tests.faults.processes import Process, wait_until
from tests.pretend_meta import PretendMeta
from tests.running_desk import text_message, webhook

RECEIPT = ROOT / "simulator" / "samples" / "receipt.pdf"
_numbers = count(1)


class Talk:
    """One customer with one ticket. Whoever is not answered asks again, as Meta and browsers do."""

    def __init__(self, process: Process, meta: PretendMeta) -> None:
        self.process, self.meta = process, meta
        self.deaths = 0
        number = f"234803777{next(_numbers):04}"
        self.customer_id = str(meta.post("/customers", {"name": "Amara", "phone_number": number})["id"])
        thread = meta.simulator.world.threads[self.customer_id]
        thread.customer.last_wrote_at = int(time.time())  # or Graph would take templates only
        self.promised = Promised(number=number)
        self.say("Chat Support")
        self.ticket = f"/api/support/tickets/{self._ticket_id()}"
        self.drain()

    def _ticket_id(self) -> int:
        def look() -> list[int]:
            page = self.process.try_call("GET", "/api/support/open-tickets?limit=1") or {"tickets": []}
            found = page["tickets"]
            return [each["id"] for each in found if each["phone_number"] == self.promised.number]

        ids: list[int] = self.insist(look)
        return ids[0]

    def revive(self) -> None:
        """Start the desk again if it has died."""
        if not self.process.is_alive():
            self.deaths += 1
            self.process.start()

    def insist(self, act: Callable[[], Any]) -> Any:
        """Do this until it is answered."""
        answers: list[Any] = []

        def answered() -> bool:
            self.revive()
            answers.append(act())
            return answers[-1] not in (None, False, [])

        wait_until(answered, "an answer")
        return answers[-1]

    def say(self, *texts: str, odd: bool = False) -> None:
        """The customer writes all this at once; with something that nobody understands, if `odd`."""
        messages = [text_message(text, number=self.promised.number) for text in texts]
        self.promised.wamids += [message["id"] for message in messages]
        if odd:
            messages.insert(1, {"type": "text", "from": self.promised.number})
            self.promised.malformed += 1
        body = webhook(*messages)
        self.insist(lambda: self.process.deliver(body))
        self.promised.unread += len(texts)

    def reply(self, text: str) -> None:
        """The admin answers."""
        body = {"message": text, "client_id": str(uuid.uuid4())}
        self.insist(lambda: self.process.try_call("POST", f"{self.ticket}/messages", body))
        self.promised.replies.append(body["client_id"])

    def read(self) -> None:
        """The admin has seen everything so far."""
        self.insist(lambda: self.process.try_call("POST", f"{self.ticket}/read", {}))
        self.promised.unread = 0

    def drain(self) -> None:
        """Wait until the desk has nothing left to do, and Meta nothing left to tell."""

        def done() -> bool:
            self.revive()  # first: what Meta has waits for the desk
            if not self._has_nothing_left():
                return False
            # In this order: an answer that leaves once Meta was asked would be told of after both said no.
            return self.meta.has_nothing_to_tell() and self._has_nothing_left()

        wait_until(done, "the queues to be empty")

    def _has_nothing_left(self) -> bool:
        self.revive()
        return nothing_under_way()

    def go_on(self) -> None:
        """All that a ticket sees between its opening and its end."""
        self.say("The phone does not charge", "It did yesterday", odd=True)
        self.drain()
        self.reply("Which one is it?")
        self.read()
        self.say("The black one")
        self.reply("Thank you")
        self.drain()
        self.meta.post(f"/customers/{self.customer_id}/open")
        self.drain()

    def go_on_in_bulk(self) -> None:
        """Many items in one webhook, a file, and all that is told of several replies at once."""
        self.say(*(f"Item {number}" for number in range(10)), odd=True)
        sent = self.meta.post(f"/customers/{self.customer_id}/messages", {"type": "document"})
        self.promised.wamids.append(sent["id"])
        self.promised.files.append(RECEIPT.read_bytes())
        self.promised.unread += 1
        self.meta.misbehave(webhooks={"hold": True})  # what Meta tells of the replies, we tell
        for number in range(3):
            self.reply(f"Answer {number}")
        wait_until(self._has_nothing_left, "the replies to leave")
        arrived = {each["biz_opaque_callback_data"] for each in self.meta.requests()}
        callbacks = {each: self._callback(each) for each in self.promised.replies}
        # one that a kill caught before it left is unknown, and Meta has nothing to tell of it
        self.promised.read = [each for each in self.promised.replies if callbacks[each] in arrived]
        words = [(each, word) for each in self.promised.read for word in ("sent", "delivered", "read")]
        body = webhook(statuses=[self._status(each, callbacks[each], word) for each, word in words])
        self.insist(lambda: self.process.deliver(body))
        self.meta.misbehave()
        self.drain()

    @staticmethod
    def _callback(client_id: str) -> str:
        """Of a reply; its own id is all that Meta and the desk share for sure."""
        query = select(OutboundMessage.callback_id).join(
            SupportMessage, SupportMessage.outbound_id == OutboundMessage.id
        )
        with SessionLocal() as db:
            return db.scalars(query.where(SupportMessage.client_id == client_id)).one()

    def _status(self, client_id: str, callback: str, word: str) -> dict[str, Any]:
        return {
            "id": f"wamid.of-{client_id}",
            "status": word,
            "timestamp": str(int(time.time())),
            "recipient_id": self.promised.number,
            "biz_opaque_callback_data": callback,
        }

    def forget(self) -> None:
        """Make room: the pretend Meta holds a few hundred customers."""
        del self.meta.simulator.world.threads[self.customer_id]

    def violations(self, others: Promised) -> list[str]:
        """What does not hold; `others` are the odd items of talks before this one."""
        requests = self.meta.get("/requests")
        self.promised.posts = Counter(each["biz_opaque_callback_data"] for each in requests)
        others.malformed += self.promised.malformed
        self.promised.malformed = others.malformed
        with SessionLocal() as db:
            return violations(db, self.promised)


def nothing_under_way() -> bool:
    """Whether inbox and outbox are worked off, and all files fetched."""
    waiting = select(func.count()).select_from(InboundEvent).where(InboundEvent.state == InboundState.PENDING)
    leaving = select(func.count()).select_from(OutboundMessage).where(OutboundMessage.state.in_(UNDER_WAY))
    coming = select(func.count()).select_from(MediaFile).where(MediaFile.state == MediaState.PENDING)
    with SessionLocal() as db:
        return all(db.scalar(count) == 0 for count in (waiting, leaving, coming))


def nothing_pending() -> bool:
    """Whether the inbox is worked off."""
    waiting = select(func.count()).select_from(InboundEvent).where(InboundEvent.state == InboundState.PENDING)
    with SessionLocal() as db:
        return db.scalar(waiting) == 0
