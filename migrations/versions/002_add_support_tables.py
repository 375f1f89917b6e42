"""Support tickets and their messages, as the brief has them.

Revision ID: 002
"""

import sqlalchemy as sa
from alembic import op

from config.database import UtcDateTime
from migrations.ddl import create_index, create_table

revision = "002"
down_revision = "001"

STATUS = sa.Enum("OPEN", "IN_PROGRESS", "RESOLVED", "CLOSED", name="ticket_status")
PRIORITY = sa.Enum("LOW", "MEDIUM", "HIGH", "URGENT", name="ticket_priority")


def upgrade() -> None:
    create_table(
        "support_tickets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("phone_number", sa.String(20)),
        sa.Column("sender_name", sa.String(255), nullable=False),
        sa.Column("issue_description", sa.Text(), nullable=False),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("priority", PRIORITY, nullable=False),
        sa.Column("assigned_admin_id", sa.Integer()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_admin_id"], ["admins.id"], name="fk_support_tickets_assigned_admin_id"
        ),
    )
    create_index("support_tickets", ["phone_number"])
    create_index("support_tickets", ["assigned_admin_id"])
    create_index("support_tickets", ["status", "id"], name="ix_support_tickets_status_id")
    create_table(
        "support_messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ticket_id", sa.Integer()),
        sa.Column("sender_type", sa.String(10), nullable=False),
        sa.Column("sender_name", sa.String(255), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["support_tickets.id"], name="fk_support_messages_ticket_id"),
    )


def downgrade() -> None:
    op.drop_table("support_messages", if_exists=True)
    op.drop_table("support_tickets", if_exists=True)
