"""Roles, invites, the second factor, and the audit log.

Revision ID: 008
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from config.database import UtcDateTime, exact_string
from migrations.ddl import create_index, create_table, missing_columns, only_grows

revision = "008"
down_revision = "007"


def added_columns() -> dict[str, list[sa.Column[Any]]]:
    return {
        "admins": [
            # whoever is there could do everything, and can go on doing so
            sa.Column("role", sa.String(length=20), nullable=False, server_default="owner"),
            sa.Column("totp_secret", exact_string(255)),
            sa.Column("totp_confirmed_at", UtcDateTime()),
            sa.Column("totp_last_step", sa.BigInteger()),
        ],
        "admin_sessions": [
            sa.Column("address", sa.String(length=64), nullable=False, server_default=""),
            sa.Column("user_agent", sa.String(length=255), nullable=False, server_default=""),
        ],
    }


def upgrade() -> None:
    for table, columns in added_columns().items():
        for column in missing_columns(table, *columns):
            op.add_column(table, column)
    create_table(
        "admin_invites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("token_hash", exact_string(64), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["invited_by"], ["admins.id"], name="fk_admin_invites_invited_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash", name="uq_admin_invites_token_hash"),
    )
    create_index("admin_invites", ["email"])
    create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("admin_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", exact_string(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admins.id"], name="fk_recovery_codes_admin_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    create_index("recovery_codes", ["admin_id"])
    create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("api_token_id", sa.Integer()),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("action", exact_string(40), nullable=False),
        sa.Column("target_kind", exact_string(20)),
        sa.Column("target_id", sa.Integer()),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    create_index("audit_entries", ["created_at"])
    create_index("audit_entries", ["actor_id", "id"], name="ix_audit_entries_actor")
    create_index("audit_entries", ["action", "id"], name="ix_audit_entries_action")
    create_index("audit_entries", ["target_kind", "target_id", "id"], name="ix_audit_entries_target")
    only_grows(op.get_bind(), "audit_entries")


def downgrade() -> None:
    for table in ("audit_entries", "recovery_codes", "admin_invites"):
        op.drop_table(table, if_exists=True)
    for table, columns in added_columns().items():
        present = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
        with op.batch_alter_table(table) as batch:
            for column in columns:
                if column.name in present:
                    batch.drop_column(column.name)
