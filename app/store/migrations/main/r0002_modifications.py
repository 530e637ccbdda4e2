"""Modifications and emergency stops."""

import sqlalchemy as sa
from alembic import op

revision = "main_0002"
down_revision = "main_0001"
branch_labels = None
depends_on = None

COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "modification",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("repository", sa.String(201), nullable=False),
        sa.Column("name", sa.String(201), nullable=False),
        sa.Column("sort", sa.String(20), nullable=False),
        sa.Column("branch", sa.String(255), nullable=False),
        sa.Column("base_ref", sa.String(255), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("number", COUNT, nullable=False),
        sa.Column("requester", sa.String(200), nullable=False),
        sa.Column("keys", sa.Text, nullable=False),
        sa.Column("reverts", sa.String(40), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("merged", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("changed", sa.Float, nullable=False),
    )
    op.create_index("ix_modification_pull", "modification", ["repository", "number"])
    op.create_index("ix_modification_created", "modification", ["repository", "created"])
    op.create_index("ix_modification_reverts", "modification", ["repository", "reverts"])
    op.create_table(
        "stop",
        sa.Column("number", COUNT, primary_key=True, autoincrement=True),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("repository", sa.String(201), nullable=False),
        sa.Column("pull", COUNT, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("lifted", sa.Float, nullable=False),
        sa.Column("lifted_by", sa.String(200), nullable=False),
        sa.Column("lifted_why", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stop_where", "stop", ["repository", "owner", "lifted"])
