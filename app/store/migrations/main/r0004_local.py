"""What a local repository has no forge to keep: proposals, check runs, comments."""

import sqlalchemy as sa
from alembic import op

revision = "main_0004"
down_revision = "main_0003"
branch_labels = None
depends_on = None

COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "local_pull",
        sa.Column("number", COUNT, primary_key=True, autoincrement=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("head_ref", sa.String(255), nullable=False),
        sa.Column("base_ref", sa.String(255), nullable=False),
        sa.Column("base_sha", sa.String(64), nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("merged", sa.Boolean, nullable=False),
        sa.Column("merge_commit", sa.String(64), nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("updated", sa.String(40), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_local_pull_head", "local_pull", ["head_ref", "number"])
    op.create_table(
        "local_run",
        sa.Column("number", COUNT, primary_key=True, autoincrement=True),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("conclusion", sa.String(20), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("annotations", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_local_run_name", "local_run", ["head", "name"], unique=True)
    op.create_table(
        "local_comment",
        sa.Column("number", COUNT, primary_key=True, autoincrement=True),
        sa.Column("pull", COUNT, nullable=False),
        sa.Column("marker", sa.String(200), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("updated", sa.String(40), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_local_comment_marker", "local_comment", ["pull", "marker"], unique=True)
