"""Answers that the desk gives often.

Revision ID: 009
"""

import sqlalchemy as sa
from alembic import op

from config.database import UtcDateTime, exact_string
from migrations.ddl import create_table

revision = "009"
down_revision = "008"


def upgrade() -> None:
    create_table(
        "canned_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shortcut", exact_string(40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("shortcut", name="uq_canned_replies_shortcut"),
    )


def downgrade() -> None:
    op.drop_table("canned_replies", if_exists=True)
