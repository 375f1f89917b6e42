"""Tags, and indexes that give each queue of the list of tickets its pages in order.

Revision ID: 006
"""

import sqlalchemy as sa
from alembic import op

from config.database import UtcDateTime, exact_string
from migrations.ddl import create_index, create_table, drop_named_index

revision = "006"
down_revision = "005"

TICKETS = "support_tickets"
ADDED = {
    "ix_support_tickets_activity": ["status", "last_message_at", "id"],
    "ix_support_tickets_waiting": ["status", "waiting_since", "last_message_at", "id"],
    "ix_support_tickets_assignee": ["assigned_admin_id", "status", "last_message_at", "id"],
    "ix_support_tickets_unread_count": ["unread_count"],
}
REPLACED = {
    "ix_support_tickets_assigned_admin_id": ["assigned_admin_id"],
    "ix_support_tickets_last_message": ["last_message_at", "id"],
}
WINDOWS = "ix_conversations_last_customer_message_at"


def upgrade() -> None:
    create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_key", exact_string(120), nullable=False),
        sa.Column("colour", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name_key", name="uq_tags_name_key"),
    )
    create_table(
        "ticket_tags",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tag_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["support_tickets.id"], name="fk_ticket_tags_ticket_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_ticket_tags_tag_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ticket_id", "tag_id"),
        sa.Index("ix_ticket_tags_tag_id", "tag_id", "ticket_id"),
    )
    _swap(ADDED, REPLACED)
    create_index("conversations", ["last_customer_message_at"])


def downgrade() -> None:
    _swap(REPLACED, ADDED)
    drop_named_index("conversations", WINDOWS)
    op.drop_table("ticket_tags", if_exists=True)
    op.drop_table("tags", if_exists=True)


def _swap(wanted: dict[str, list[str]], unwanted: dict[str, list[str]]) -> None:
    for name, columns in wanted.items():  # first: the assignee's foreign key must always have an index
        create_index(TICKETS, columns, name=name)
    for name in unwanted:
        drop_named_index(TICKETS, name)
