"""A batch of the inbox reads what it takes, and not all that waits.

Revision ID: 013
"""

from migrations.ddl import create_index, drop_named_index

revision = "013"
down_revision = "012"

TABLE = "inbound_events"
INDEXES = {
    "ix_inbound_events_pending": ["state", "id"],
    "ix_inbound_events_waiting": ["state", "next_attempt_at"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        create_index(TABLE, columns, name)


def downgrade() -> None:
    for name in INDEXES:
        drop_named_index(TABLE, name)
