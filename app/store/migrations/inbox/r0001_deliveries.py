"""Accepted deliveries and their bodies."""

import sqlalchemy as sa
from alembic import op

revision = "inbox_0001"
down_revision = None
branch_labels = None
depends_on = None

COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "inbox_delivery",
        sa.Column("number", COUNT, primary_key=True),
        sa.Column("guid", sa.String(200), nullable=False),
        sa.Column("event", sa.String(100), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("received", sa.Float, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("lease", sa.Float, nullable=False),
        sa.Column("handled", sa.Float),
        sa.Column("jobs", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("duplicate_of", COUNT),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_delivery_guid", "inbox_delivery", ["guid"], unique=True)
    original = sa.text("duplicate_of IS NULL")
    op.create_index(
        "ix_inbox_delivery_digest",
        "inbox_delivery",
        ["digest"],
        unique=True,
        sqlite_where=original,
        postgresql_where=original,
    )
    op.create_index("ix_inbox_delivery_state", "inbox_delivery", ["state", "number"])
    op.create_table(
        "inbox_body",
        sa.Column("number", COUNT, primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
