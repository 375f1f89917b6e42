"""Tickets belong to contacts, one live at a time; messages know their delivery and their place in time.

Revision ID: 003
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from config.database import UtcDateTime, exact_string, utc_now
from config.settings import get_settings
from migrations.ddl import constraint_names, create_index, missing_columns

revision = "003"
down_revision = "002"

LONG_TEXT = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")
LIVE = ("OPEN", "IN_PROGRESS")

FOREIGN_KEYS = {
    "support_tickets": {"contact_id": "contacts"},
    "support_messages": {
        "contact_id": "contacts",
        "admin_id": "admins",
        "outbound_id": "outbound_messages",
        "reply_to_id": "support_messages",
    },
}
UNIQUE = {"support_tickets": ["live_contact_id"], "support_messages": ["client_id", "outbound_id"]}
LONG = {"support_tickets": "issue_description", "support_messages": "message"}


def ticket_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("contact_id", sa.Integer()),
        sa.Column("live_contact_id", sa.Integer()),
        sa.Column("phone_number_id", exact_string(64)),
        sa.Column("resolved_at", UtcDateTime()),
        sa.Column("unread_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("waiting_since", UtcDateTime()),
        sa.Column("last_message_at", UtcDateTime()),
        sa.Column("last_message_preview", sa.String(200), nullable=False, server_default=""),
    ]


def message_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("contact_id", sa.Integer()),
        sa.Column("kind", sa.String(20), nullable=False, server_default="text"),
        sa.Column("payload", sa.JSON()),
        sa.Column("occurred_at", UtcDateTime()),
        sa.Column("wamid", exact_string(255)),
        sa.Column("reply_to_wamid", exact_string(255)),
        sa.Column("reply_to_id", sa.Integer()),
        sa.Column("client_id", exact_string(36)),
        sa.Column("admin_id", sa.Integer()),
        sa.Column("outbound_id", sa.Integer()),
    ]


def upgrade() -> None:
    for table, columns in (("support_tickets", ticket_columns()), ("support_messages", message_columns())):
        for column in missing_columns(table, *columns):
            op.add_column(table, column)
    _fill()
    for table, required in (
        ("support_tickets", ("contact_id", "phone_number_id", "last_message_at")),
        ("support_messages", ("contact_id", "occurred_at")),
    ):
        types = {column.name: column.type for column in [*ticket_columns(), *message_columns()]}
        there = constraint_names(table)
        with op.batch_alter_table(table) as batch:
            for name in required:
                batch.alter_column(name, existing_type=types[name], nullable=False)
            batch.alter_column(LONG[table], existing_type=sa.Text(), type_=LONG_TEXT, existing_nullable=False)
            for name in UNIQUE[table]:
                if f"uq_{table}_{name}" not in there:
                    batch.create_unique_constraint(f"uq_{table}_{name}", [name])
            for name, target in FOREIGN_KEYS[table].items():
                if f"fk_{table}_{name}" not in there:
                    batch.create_foreign_key(f"fk_{table}_{name}", target, [name], ["id"])
    create_index("support_tickets", ["contact_id"])
    create_index("support_tickets", ["last_message_at", "id"], name="ix_support_tickets_last_message")
    create_index("support_messages", ["contact_id"])
    create_index("support_messages", ["wamid"])
    create_index("support_messages", ["ticket_id", "occurred_at", "id"], name="ix_support_messages_thread")


def _fill() -> None:
    """Give the tickets that are there a contact each, and what follows from their messages."""
    bind = op.get_bind()
    tickets = bind.execute(
        sa.text(
            "SELECT id, phone_number, sender_name, status FROM support_tickets "
            "WHERE contact_id IS NULL ORDER BY id DESC"
        )
    ).all()
    meta = sa.MetaData()
    contacts = sa.Table("contacts", meta, sa.Column("id", sa.Integer(), primary_key=True), autoload_with=bind)
    identities = sa.Table("contact_identities", meta, autoload_with=bind)
    now = utc_now().replace(tzinfo=None)
    for ticket in tickets:
        known = bind.scalar(
            sa.select(identities.c.contact_id).where(
                identities.c.kind == "phone", identities.c.value == ticket.phone_number
            )
        )
        contact_id = known
        if contact_id is None:
            made = bind.execute(
                sa.insert(contacts).values(
                    name=ticket.sender_name,
                    phone_number=ticket.phone_number,
                    created_at=now,
                    updated_at=now,
                )
            ).inserted_primary_key
            assert made is not None  # one row was inserted
            contact_id = made[0]
            if ticket.phone_number:
                bind.execute(
                    sa.insert(identities).values(
                        contact_id=contact_id, kind="phone", value=ticket.phone_number, created_at=now
                    )
                )
        taken = bind.scalar(
            sa.text("SELECT COUNT(*) FROM support_tickets WHERE live_contact_id = :contact"),
            {"contact": contact_id},
        )
        live = ticket.status in LIVE
        bind.execute(
            sa.text(
                "UPDATE support_tickets SET contact_id = :contact, live_contact_id = :live, "
                "status = :status, phone_number_id = :number, last_message_at = updated_at WHERE id = :id"
            ),
            {
                "contact": contact_id,
                "live": contact_id if live and not taken else None,
                # an older live ticket of the same customer gives way to the newest
                "status": "CLOSED" if live and taken else ticket.status,
                "number": get_settings().whatsapp_phone_number_id,
                "id": ticket.id,
            },
        )
    bind.execute(
        sa.text(
            "UPDATE support_messages SET occurred_at = created_at, contact_id = "
            "(SELECT t.contact_id FROM support_tickets t WHERE t.id = support_messages.ticket_id) "
            "WHERE contact_id IS NULL"
        )
    )


def downgrade() -> None:
    for table, columns in (("support_messages", message_columns()), ("support_tickets", ticket_columns())):
        there = constraint_names(table)
        with op.batch_alter_table(table) as batch:
            for name in FOREIGN_KEYS[table]:
                if f"fk_{table}_{name}" in there:
                    batch.drop_constraint(f"fk_{table}_{name}", type_="foreignkey")
            for index in (
                "ix_support_tickets_contact_id",
                "ix_support_tickets_last_message",
                "ix_support_messages_contact_id",
                "ix_support_messages_wamid",
            ):
                if index in there:
                    batch.drop_index(index)
            for name in UNIQUE[table]:
                if f"uq_{table}_{name}" in there:
                    batch.drop_constraint(f"uq_{table}_{name}", type_="unique")
        _drop_columns(table, [column.name for column in columns])


def _drop_columns(table: str, names: list[str]) -> None:
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
    keeps_thread_index = "ix_support_messages_thread" in constraint_names(table)
    with op.batch_alter_table(table) as batch:
        if keeps_thread_index:
            # the foreign key of ticket_id needs an index of its own before this one goes
            batch.create_index("ix_support_messages_ticket_id", ["ticket_id"])
            batch.drop_index("ix_support_messages_thread")
        for name in names:
            if name in there:
                batch.drop_column(name)
