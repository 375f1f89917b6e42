"""On SQLite, the number of a row that went is not given to the next one.

A customer is erased, and what comes next of another must not be taken for theirs: by a page that was away, or
by a file that is still on its way from WhatsApp. MariaDB and MySQL give each number once anyway.

Revision ID: 014
"""

from alembic import op

revision = "014"
down_revision = "013"

TABLES = (
    "account_events",
    "admin_sessions",
    "canned_replies",
    "contacts",
    "graph_tasks",
    "media_files",
    "outbound_messages",
    "support_messages",
    "support_tickets",
    "tags",
)
"""Those that lose rows, and whose numbers others keep."""


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass


def downgrade() -> None:
    """What came before works with this as well."""
