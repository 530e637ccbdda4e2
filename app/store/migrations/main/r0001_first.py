"""Heads, records, grants, approvals, the audit chain and outgoing calls."""

import sqlalchemy as sa
from alembic import op

revision = "main_0001"
down_revision = None
branch_labels = None
depends_on = None

COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the tables, and the triggers that keep the audit chain as it is."""
    _pulls()
    _records()
    _audit()
    _calls()
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def _pull() -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("repository", sa.String(201), primary_key=True),
        sa.Column("number", COUNT, primary_key=True, autoincrement=False),
    )


def _pulls() -> None:
    op.create_table(
        "pull_head",
        *_pull(),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("seen", sa.Float, nullable=False),
    )
    op.create_table(
        "ok_to_test",
        *_pull(),
        sa.Column("head", sa.String(64), primary_key=True),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("granted", sa.Float, nullable=False),
    )
    op.create_index("ix_ok_to_test_granted", "ok_to_test", ["granted"])
    op.create_table(
        "approval",
        *_pull(),
        sa.Column("head", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(200), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("given", sa.Float, nullable=False),
    )
    op.create_index("ix_approval_given", "approval", ["given"])


def _records() -> None:
    op.create_table(
        "record",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("repository", sa.String(201), nullable=False),
        sa.Column("name", sa.String(201), nullable=False),
        sa.Column("number", COUNT, nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("configuration", sa.String(64), nullable=False),
        sa.Column("attempt", sa.String(200), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("delivery", sa.String(200), nullable=False),
        sa.Column("started", sa.Float, nullable=False),
        sa.Column("finished", sa.Float, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )
    op.create_index("ix_record_pull", "record", ["repository", "number", "created"])
    op.create_index("ix_record_head", "record", ["repository", "head"])
    op.create_index("ix_record_created", "record", ["created"])


def _audit() -> None:
    op.create_table(
        "audit_record",
        sa.Column("number", COUNT, primary_key=True, autoincrement=False),
        sa.Column("time", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("repository", sa.String(201), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("once", sa.String(200), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_record_once", "audit_record", ["once"], unique=True)
    op.create_index("ix_audit_record_repository", "audit_record", ["repository", "number"])
    op.create_index("ix_audit_record_subject", "audit_record", ["subject", "number"])
    op.create_index("ix_audit_record_kind", "audit_record", ["kind", "number"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", COUNT, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("prunable", COUNT, nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "hash": "", "seal": "", "prunable": 0}])


def _calls() -> None:
    op.create_table(
        "outgoing_call",
        sa.Column("number", COUNT, primary_key=True),
        sa.Column("time", sa.Float, nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("target", sa.String(500), nullable=False),
        sa.Column("outcome", sa.String(200), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("repository", sa.String(201), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outgoing_call_time", "outgoing_call", ["time"])
    op.create_index("ix_outgoing_call_repository", "outgoing_call", ["repository", "number"])


def _guard_on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER audit_record_is_not_changed BEFORE UPDATE ON audit_record "
        "BEGIN SELECT RAISE(ABORT, 'audit records are append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_record_is_not_removed BEFORE DELETE ON audit_record "
        "WHEN OLD.number > (SELECT prunable FROM audit_head WHERE id = 1) "
        "BEGIN SELECT RAISE(ABORT, 'audit records are append-only'); END"
    )


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN "
        "IF OLD.number <= (SELECT prunable FROM audit_head WHERE id = 1) THEN RETURN OLD; END IF; "
        "END IF; "
        "RAISE EXCEPTION 'audit records are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_record_is_not_changed BEFORE UPDATE OR DELETE ON audit_record "
        "FOR EACH ROW EXECUTE FUNCTION audit_record_stays()"
    )
    op.execute(
        "CREATE TRIGGER audit_record_is_not_emptied BEFORE TRUNCATE ON audit_record "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_record_stays()"
    )
