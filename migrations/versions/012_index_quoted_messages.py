"""What quotes a message has an index: without it SQLite reads the whole table for each one that is deleted.

Revision ID: 012
"""

from alembic import op

from migrations.ddl import create_index, drop_index

revision = "012"
down_revision = "011"

TABLE = "support_messages"


def upgrade() -> None:
    create_index(TABLE, ["reply_to_id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # elsewhere the foreign key has no other any more
        drop_index(TABLE, ["reply_to_id"])
