"""How far what is done again and again has come."""

import sqlalchemy as sa
from alembic import op

revision = "main_0003"
down_revision = "main_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "mark",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
    )
