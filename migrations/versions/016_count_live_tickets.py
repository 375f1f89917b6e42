"""The numbers of live tickets are kept with the sequence of the events.

Revision ID: 016
"""

import sqlalchemy as sa
from alembic import op

from migrations.ddl import missing_columns

revision = "016"
down_revision = "015"

TABLE = "event_sequence"
BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def columns() -> list[sa.Column[int]]:
    # -1 is never the last number: a desk that has tickets counts them until its clock has
    return [
        sa.Column("counted_seq", BIG_ID, nullable=False, server_default="-1"),
        *(
            sa.Column(name, sa.Integer(), nullable=False, server_default="0")
            for name in ("open_tickets", "in_progress_tickets", "unassigned_tickets")
        ),
    ]


def upgrade() -> None:
    for column in missing_columns(TABLE, *columns()):
        op.add_column(TABLE, column)
    op.execute("UPDATE event_sequence SET counted_seq = 0 WHERE last_seq = 0")  # there is nothing to count


def downgrade() -> None:
    missing = {column.name for column in missing_columns(TABLE, *columns())}
    there = [column.name for column in columns() if column.name not in missing]
    if there:
        with op.batch_alter_table(TABLE) as batch:
            for name in there:
                batch.drop_column(name)
