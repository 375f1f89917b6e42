"""Media, reactions, templates, account events, calls to make, and the settings of the desk.

Revision ID: 004
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from config.database import UtcDateTime, exact_string
from migrations.ddl import constraint_names, create_index, create_table, drop_index, missing_columns

revision = "004"
down_revision = "003"

LONG_TEXT = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")
RETRY = "fk_outbound_messages_retry_of_id"
ONE_EACH = "uq_support_messages_outbound_id"
TABLES = (
    "graph_tasks",
    "desk_settings",
    "account_events",
    "message_templates",
    "message_reactions",
    "media_files",
)


def added_columns() -> dict[str, list[sa.Column[Any]]]:
    return {
        "outbound_messages": [sa.Column("pricing", sa.JSON()), sa.Column("retry_of_id", sa.Integer())],
        "support_messages": [
            sa.Column("phone_number_id", exact_string(64)),
            sa.Column("edited_at", UtcDateTime()),
            sa.Column("original_message", LONG_TEXT),
            sa.Column("revoked_at", UtcDateTime()),
        ],
    }


def upgrade() -> None:
    for table, columns in added_columns().items():
        for column in missing_columns(table, *columns):
            op.add_column(table, column)
    if RETRY not in constraint_names("outbound_messages"):
        with op.batch_alter_table("outbound_messages") as batch:
            batch.create_foreign_key(RETRY, "outbound_messages", ["retry_of_id"], ["id"])
    create_index("outbound_messages", ["retry_of_id"])
    create_index("support_messages", ["reply_to_wamid"])
    create_index("support_messages", ["outbound_id"])  # first: the foreign key must always have one
    if ONE_EACH in constraint_names("support_messages"):
        with op.batch_alter_table("support_messages") as batch:
            batch.drop_constraint(ONE_EACH, type_="unique")
    create_table(
        "account_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbound_event_id", sa.Integer()),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("subject", exact_string(255), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("dismissed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id"),
    )
    create_index("account_events", ["field", "subject", "id"], name="ix_account_events_subject")
    create_table(
        "desk_settings",
        sa.Column("name", exact_string(60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    create_table(
        "message_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_template_id", exact_string(64)),
        sa.Column("name", exact_string(255), nullable=False),
        sa.Column("language", exact_string(20), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("quality", sa.String(length=20)),
        sa.Column("reason", sa.Text()),
        sa.Column("components", sa.JSON(), nullable=False),
        sa.Column("synced_at", UtcDateTime(), nullable=False),
        sa.Column("gone_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "language", name="uq_message_templates_name_language"),
    )
    create_index("message_templates", ["provider_template_id"])
    create_table(
        "media_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer()),
        sa.Column("uploaded_by", sa.Integer()),
        sa.Column("phone_number_id", exact_string(64), nullable=False),
        sa.Column("provider_media_id", exact_string(255)),
        sa.Column("provider_media_at", UtcDateTime()),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("mime_type", sa.String(length=100), nullable=False),
        sa.Column("filename", sa.String(length=255)),
        sa.Column("sha256", exact_string(64)),
        sa.Column("size", sa.Integer()),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime()),
        sa.Column("tried_at", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("storage_key", exact_string(255)),
        sa.Column("thumbnail_key", exact_string(255)),
        sa.Column("playable_key", exact_string(255)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("stored_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["message_id"], ["support_messages.id"], name="fk_media_files_message_id"),
        sa.ForeignKeyConstraint(["uploaded_by"], ["admins.id"], name="fk_media_files_uploaded_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id", name="uq_media_files_message_id"),
    )
    create_index("media_files", ["state", "next_attempt_at"], name="ix_media_files_due")
    create_table(
        "message_reactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("sender_type", sa.String(length=10), nullable=False),
        sa.Column("sender_name", sa.String(length=255), nullable=False),
        sa.Column("emoji", sa.String(length=64), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["support_messages.id"], name="fk_message_reactions_message_id"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id", "sender_type", name="uq_message_reactions_sender"),
    )

    create_table(
        "graph_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("phone_number_id", exact_string(64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    create_index("graph_tasks", ["next_attempt_at", "id"], name="ix_graph_tasks_due")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table, if_exists=True)
    if ONE_EACH not in constraint_names("support_messages"):
        with op.batch_alter_table("support_messages") as batch:
            batch.create_unique_constraint(ONE_EACH, ["outbound_id"])
    drop_index("support_messages", ["outbound_id"])
    drop_index("support_messages", ["reply_to_wamid"])
    if RETRY in constraint_names("outbound_messages"):
        with op.batch_alter_table("outbound_messages") as batch:
            batch.drop_constraint(RETRY, type_="foreignkey")
    drop_index("outbound_messages", ["retry_of_id"])
    for table, columns in added_columns().items():
        present = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
        with op.batch_alter_table(table) as batch:
            for column in columns:
                if column.name in present:
                    batch.drop_column(column.name)
