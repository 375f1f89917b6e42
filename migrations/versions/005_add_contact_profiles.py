"""What the desk knows of a customer, who is blocked, who is a sample; indexes for the dashboard's numbers.

Revision ID: 005
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from config.database import UtcDateTime
from migrations.ddl import create_index, drop_index, missing_columns

revision = "005"
down_revision = "004"

TIMES = ("waiting_since", "created_at", "resolved_at")


def added_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("profile_name", sa.String(length=255), nullable=False, server_default=""),
        sa.Column("language", sa.String(length=35), nullable=False, server_default=""),
        sa.Column("timezone", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("note", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("blocked_at", UtcDateTime()),
        sa.Column("is_sample", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]


def upgrade() -> None:
    for column in missing_columns("contacts", *added_columns()):
        op.add_column("contacts", column)
    op.execute("UPDATE contacts SET profile_name = name WHERE profile_name = '' AND name <> ''")
    for time in TIMES:
        create_index("support_tickets", [time])


def downgrade() -> None:
    for time in TIMES:
        drop_index("support_tickets", [time])
    there = {each["name"] for each in sa.inspect(op.get_bind()).get_columns("contacts")}
    for column in added_columns():
        if column.name in there:
            op.drop_column("contacts", column.name)
