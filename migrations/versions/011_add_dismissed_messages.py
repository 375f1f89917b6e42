"""When somebody decided that a message of which nobody knows is not sent again.

Revision ID: 011
"""

import sqlalchemy as sa
from alembic import op

from config.database import UtcDateTime
from migrations.ddl import missing_columns

revision = "011"
down_revision = "010"

TABLE = "outbound_messages"


def dismissed_at() -> sa.Column[object]:
    return sa.Column("dismissed_at", UtcDateTime())


def upgrade() -> None:
    for column in missing_columns(TABLE, dismissed_at()):
        op.add_column(TABLE, column)


def downgrade() -> None:
    if not missing_columns(TABLE, dismissed_at()):
        op.drop_column(TABLE, "dismissed_at")
