"""Fills a database with so many tickets and ten messages for each, as fast as MariaDB takes rows.

The rows are made by SQL from a sequence of numbers: customers, their conversations, tickets of which the
newest tenth is live, and threads of ten messages, but two hundred on one ticket in a thousand. Every message
has the word FREQUENT, one in a thousand RARE.
"""

import time
from collections.abc import Callable

import pymysql

from benchmarks.story import NUMBER

MESSAGES_A_TICKET = 10
LONG_THREAD = 200
LIVE_SHARE = 10
"""One ticket in so many is live."""

FREQUENT, RARE = "parcel", "solaris"

PART = 100_000
"""Rows of a statement."""

WORDS = f"'it is not what we agreed on, I gave two bags of rice for it and the {FREQUENT} came open, number '"
EARLIER = "DATE_SUB(UTC_TIMESTAMP(6), INTERVAL {total} * 20 - {n} * 20 SECOND)"


def seed(port: int, database: str, tickets: int, say: Callable[[str], None]) -> float:
    """Add the rows to the empty tables; the seconds that it took."""
    began = time.monotonic()
    with (
        pymysql.connect(host="127.0.0.1", port=port, user="root", database=database) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SET SESSION foreign_key_checks = 0, unique_checks = 0, time_zone = '+00:00'")
        for title, statement, count in _statements(tickets):
            for start in range(0, count, PART):
                end = min(start + PART, count)
                cursor.execute(statement.replace("{from}", f"seq_{start + 1}_to_{end}"))
                connection.commit()
            say(f"{title}: {time.monotonic() - began:.0f} s")
        for table in (
            "contacts",
            "contact_identities",
            "conversations",
            "support_tickets",
            "support_messages",
        ):
            cursor.execute(f"ANALYZE TABLE {table}")
            cursor.fetchall()
    return time.monotonic() - began


def _statements(tickets: int) -> list[tuple[str, str, int]]:
    at = EARLIER.format(total=tickets, n="seq")
    ticket_at = EARLIER.format(total=tickets, n="CEIL(seq / 10)")
    phone, nth = "CONCAT('234', 7000000000 + seq)", f"CEIL(seq / {MESSAGES_A_TICKET})"
    live = f"seq > {tickets - tickets // LIVE_SHARE}"
    status = f"IF({live}, IF(seq % 3 = 0, 'IN_PROGRESS', 'OPEN'), IF(seq % 2 = 0, 'RESOLVED', 'CLOSED'))"
    message = (
        "INSERT INTO support_messages (ticket_id, sender_type, sender_name, message, created_at, contact_id, "
        "kind, occurred_at, wamid, phone_number_id) "
    )
    text = f"CONCAT({WORDS}, seq, IF(seq % 1000 = 0, ' {RARE}', ''))"
    return [
        (
            "contacts",
            (
                "INSERT INTO contacts (id, name, phone_number, created_at, updated_at) SELECT seq, "
                f"CONCAT('Customer ', seq), {phone}, {at}, {at} FROM {{from}}"
            ),
            tickets,
        ),
        (
            "identities",
            (
                "INSERT INTO contact_identities (contact_id, kind, value, created_at) SELECT seq, 'phone', "
                f"{phone}, {at} FROM {{from}}"
            ),
            tickets,
        ),
        (
            "conversations",
            (
                "INSERT INTO conversations (contact_id, phone_number_id, state, last_customer_message_at, "
                f"created_at, updated_at) SELECT seq, '{NUMBER}', 'chat_support', {at}, {at}, {at} "
                "FROM {from}"
            ),
            tickets,
        ),
        (
            "tickets",
            (
                "INSERT INTO support_tickets (id, phone_number, sender_name, issue_description, status, "
                "priority, created_at, updated_at, contact_id, live_contact_id, phone_number_id, "
                "resolved_at, unread_count, version, waiting_since, last_message_at, last_message_preview) "
                "SELECT seq, "
                f"{phone}, CONCAT('Customer ', seq), {WORDS}, {status}, "
                f"ELT(1 + seq % 4, 'LOW', 'MEDIUM', 'HIGH', 'URGENT'), {at}, {at}, seq, "
                f"IF({live}, seq, NULL), "
                f"'{NUMBER}', IF({live}, NULL, {at}), IF({live}, seq % 3, 0), 10, IF({live}, {at}, NULL), "
                f"{at}, LEFT({WORDS}, 100) FROM {{from}}"
            ),
            tickets,
        ),
        (
            "messages",
            (
                f"{message} SELECT {nth}, IF(seq % 2, 'user', 'admin'), "
                f"IF(seq % 2, 'Customer', 'Bola'), {text}, {ticket_at}, {nth}, 'text', "
                f"{ticket_at}, CONCAT('wamid.seed', seq), '{NUMBER}' FROM {{from}}"
            ),
            tickets * MESSAGES_A_TICKET,
        ),
        (
            "long threads",
            (
                f"{message} SELECT seq % {max(tickets // 1000, 1)} * 1000 + 500, 'user', 'Customer', {text}, "
                f"{at}, seq % {max(tickets // 1000, 1)} * 1000 + 500, 'text', {at}, "
                f"CONCAT('wamid.long', seq), '{NUMBER}' FROM {{from}}"
            ),
            max(tickets // 1000, 1) * (LONG_THREAD - MESSAGES_A_TICKET),
        ),
    ]
