"""Messages read out of webhook bodies, as the inbox reads them."""

import json
from datetime import UTC, datetime

from whatsapp.incoming import IncomingMessage, parse_echo, parse_message
from whatsapp.payloads import ECHO, STANDBY_ECHO, STATUS, items

RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)


def parsed(body: bytes) -> IncomingMessage:
    """The one message or echo in the body."""
    [found] = [each for each in items(body) if each.kind != STATUS]
    parse = parse_echo if found.kind in (ECHO, STANDBY_ECHO) else parse_message
    return parse(json.loads(found.payload), RECEIVED, standby=found.kind.startswith("standby"))
