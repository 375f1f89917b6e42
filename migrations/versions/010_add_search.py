"""Full-text indexes over messages, tickets and contacts.

Revision ID: 010
"""

from migrations import search

revision = "010"
down_revision = "009"


def upgrade() -> None:
    search.create()


def downgrade() -> None:
    search.drop()
