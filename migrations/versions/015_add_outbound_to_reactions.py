"""A reaction of the desk knows what brings it to the customer, and so the thread whether it arrived.

Revision ID: 015
"""

import sqlalchemy as sa
from alembic import op

from migrations.ddl import constraint_names, create_index, drop_index, missing_columns

revision = "015"
down_revision = "014"

TABLE = "message_reactions"
KEY = "fk_message_reactions_outbound_id"


def outbound_id() -> sa.Column[int]:
    return sa.Column("outbound_id", sa.Integer())


def upgrade() -> None:
    for column in missing_columns(TABLE, outbound_id()):
        op.add_column(TABLE, column)
    if KEY not in constraint_names(TABLE):
        with op.batch_alter_table(TABLE) as batch:
            batch.create_foreign_key(KEY, "outbound_messages", ["outbound_id"], ["id"])
    create_index(TABLE, ["outbound_id"])


def downgrade() -> None:
    if KEY in constraint_names(TABLE):
        with op.batch_alter_table(TABLE) as batch:
            batch.drop_constraint(KEY, type_="foreignkey")
    drop_index(TABLE, ["outbound_id"])
    if not missing_columns(TABLE, outbound_id()):
        with op.batch_alter_table(TABLE) as batch:
            batch.drop_column("outbound_id")
