"""Admins, contacts, the inbox, the outbox, and what the desk hears.

Revision ID: 001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from config.database import UtcDateTime, exact_string, utc_now
from migrations.ddl import create_index, create_table, seed

revision = "001"
down_revision = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LONG_TEXT = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")
INBOX_SHARDS = 8


def upgrade() -> None:
    create_table(
        "admins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("disabled_at", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email", name="uq_admins_email"),
    )
    create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("phone_number", sa.String(length=20)),
        sa.Column("username", sa.String(length=255)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    create_index("contacts", ["phone_number"])
    create_table(
        "desk_events",
        sa.Column("seq", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.Integer()),
        sa.Column("message_id", sa.Integer()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    create_index("desk_events", ["created_at"])
    create_table(
        "event_sequence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_seq", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    create_table(
        "inbound_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", exact_string(64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("lane", exact_string(64), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("payload", LONG_TEXT, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime()),
        sa.Column("error", sa.Text()),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("processed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dedupe_key", name="uq_inbound_events_dedupe_key"),
    )
    create_index("inbound_events", ["state", "shard", "id"], name="ix_inbound_events_due")
    create_index("inbound_events", ["received_at"])
    create_table(
        "leases",
        sa.Column("name", exact_string(80), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    create_table(
        "login_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", exact_string(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    create_index("login_attempts", ["subject", "created_at"])
    create_table(
        "admin_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", exact_string(64), nullable=False),
        sa.Column("admin_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admins.id"], name="fk_admin_sessions_admin_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash", name="uq_admin_sessions_token_hash"),
    )
    create_index("admin_sessions", ["admin_id"])
    create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("token_hash", exact_string(64), nullable=False),
        sa.Column("admin_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admins.id"], name="fk_api_tokens_admin_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
    )
    create_index("api_tokens", ["admin_id"])
    create_table(
        "contact_identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", exact_string(160), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_contact_identities_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "value", name="uq_contact_identities_kind_value"),
    )
    create_index("contact_identities", ["contact_id"])
    create_table(
        "conversations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("phone_number_id", exact_string(64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("last_customer_message_at", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_conversations_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contact_id", "phone_number_id", name="uq_conversations_contact_number"),
    )
    create_table(
        "outbound_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("phone_number_id", exact_string(64), nullable=False),
        sa.Column("callback_id", exact_string(36), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime()),
        sa.Column("wamid", exact_string(255)),
        sa.Column("error_code", sa.Integer()),
        sa.Column("error_detail", sa.Text()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_at", UtcDateTime()),
        sa.Column("sent_at", UtcDateTime()),
        sa.Column("delivered_at", UtcDateTime()),
        sa.Column("read_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_outbound_messages_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("callback_id", name="uq_outbound_messages_callback_id"),
        sa.UniqueConstraint("wamid", name="uq_outbound_messages_wamid"),
    )
    create_index("outbound_messages", ["contact_id"])
    create_index(
        "outbound_messages", ["state", "phone_number_id", "contact_id", "id"], name="ix_outbound_messages_due"
    )
    sequence = sa.table("event_sequence", sa.column("id"), sa.column("last_seq"))
    seed(sequence, "id", [{"id": 1, "last_seq": 0}])
    leases = sa.table("leases", sa.column("name"), sa.column("owner"), sa.column("expires_at", UtcDateTime()))
    now = utc_now()
    names = [f"inbox:{shard}" for shard in range(INBOX_SHARDS)]
    seed(leases, "name", [{"name": name, "owner": "", "expires_at": now} for name in names])


def downgrade() -> None:
    for table in (
        "outbound_messages",
        "conversations",
        "contact_identities",
        "api_tokens",
        "admin_sessions",
        "login_attempts",
        "leases",
        "inbound_events",
        "event_sequence",
        "desk_events",
        "contacts",
        "admins",
    ):
        op.drop_table(table, if_exists=True)
