"""What a repository is called, by GitHub's number of it, and was called before."""

import sqlalchemy as sa
from alembic import op

revision = "main_0005"
down_revision = "main_0004"
branch_labels = None
depends_on = None

COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the table. What is kept so far belongs to whoever has its name when it is seen first."""
    op.create_table(
        "repository_name",
        sa.Column("number", COUNT, primary_key=True, autoincrement=True),
        sa.Column("id", COUNT, nullable=False),
        sa.Column("name", sa.String(201), nullable=False),
        sa.Column("shown", sa.String(201), nullable=False),
        sa.Column("since", COUNT, nullable=False),
        sa.Column("until", COUNT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_repository_name_id", "repository_name", ["id", "until"])
    op.create_index("ix_repository_name_name", "repository_name", ["name", "until"])
