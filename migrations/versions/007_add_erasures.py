"""Customers who were erased.

Revision ID: 007
"""

import sqlalchemy as sa
from alembic import op

from config.database import UtcDateTime, exact_string
from migrations.ddl import create_index, create_table

revision = "007"
down_revision = "006"


def upgrade() -> None:
    create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_erasures_contact_id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contact_id", name="uq_erasures_contact_id"),
    )
    create_index("erasures", ["completed_at"])
    create_table(
        "erased_identities",
        sa.Column("digest", exact_string(64), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )


def downgrade() -> None:
    op.drop_table("erased_identities", if_exists=True)
    op.drop_table("erasures", if_exists=True)
