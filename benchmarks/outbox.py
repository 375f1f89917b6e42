"""The sender alone, with the number's limit or without: how many messages reach Graph in a second.

`python -m benchmarks.outbox COUNT LIMIT SECONDS` with the settings of a desk whose database is seeded.
"""

import json
import sys
import time
import urllib.request
from bisect import bisect_left

from sqlalchemy import func, select, text

from benchmarks.story import NUMBER
from config.database import SessionLocal, transaction
from config.settings import get_settings
from models.outbound_message import DeliveryState, OutboundMessage
from services.outbound_message_service import enqueue_all
from whatsapp.client import WhatsAppClient
from whatsapp.media import MediaClient
from worker import pair_rate
from worker.outbox import Outbox


def main() -> None:
    """Queue, send for so many seconds at most, print."""
    count, limit, seconds = (int(word) for word in sys.argv[1:])
    pair_rate.THROUGHPUT = limit
    settings = get_settings()
    with SessionLocal() as db, transaction(db):
        contacts = db.scalars(text(f"SELECT id FROM contacts ORDER BY id DESC LIMIT {count}"))
        enqueue_all(db, [(each, NUMBER, {"type": "text", "text": {"body": "Hello"}}) for each in contacts])
    began = time.time()
    outbox = Outbox(WhatsAppClient.from_settings(settings), MediaClient.from_settings(settings))
    cpu = time.process_time()
    outbox.start()
    while time.time() - began < seconds and _queued():
        time.sleep(0.05)
    outbox.stop(5)
    with urllib.request.urlopen(f"{settings.whatsapp_api_base_url}/seen", timeout=10) as response:
        seen = sorted(at for at, _ in json.load(response) if at >= began)
    # whole seconds: with the limit they leave in bursts, and one more of those would count for no time at all
    span = max(int(seen[-1] - seen[0]), 1) if seen else 1
    most = max((index + 1 - bisect_left(seen, at - 1) for index, at in enumerate(seen)), default=0)
    result = {
        "sent": len(seen),
        "per_second": bisect_left(seen, seen[0] + span) / span if seen else 0.0,
        "most_in_a_second": most,
        "cpu_per_1000": (time.process_time() - cpu) / max(len(seen), 1) * 1000,
    }
    json.dump(result, sys.stdout)


def _queued() -> int:
    queued = select(func.count()).select_from(OutboundMessage)
    with SessionLocal() as db:
        return db.scalar(queued.where(OutboundMessage.state == DeliveryState.QUEUED)) or 0


if __name__ == "__main__":
    main()
