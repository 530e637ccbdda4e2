"""The tables. Times are seconds since the epoch (UTC), commits hexadecimal, JSON is text in canonical form: a binary
form of the database could not hold every string that comes from outside.

Two schemas, each with its own migrations: the inbox has a file of its own on SQLite, where one writes at a time."""

from typing import Any

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, MetaData, String, Text, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

COUNT = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by themselves only as INTEGER

_inbox, _main = registry(metadata=MetaData()), registry(metadata=MetaData())


class InboxTable(SQLModel, registry=_inbox):
    """A table of the inbox."""


class MainTable(SQLModel, registry=_main):
    """A table of everything else."""


INBOX = InboxTable.metadata
MAIN = MainTable.metadata


def _number(**keywords: Any) -> Any:
    return Field(default=None, primary_key=True, sa_type=COUNT, **keywords)


def _text(length: int = 0, **keywords: Any) -> Any:
    """A text column, of at most so many characters (0: no limit)."""
    return Field(sa_type=String(length) if length else Text, **keywords)


class InboxDelivery(InboxTable, table=True):
    """One delivery that was accepted, or one that only repeats another (`duplicate_of`). `lease` is until when somebody
    who took it has it, `jobs` a JSON list of identities."""

    __tablename__ = "inbox_delivery"
    __table_args__ = (
        Index("ix_inbox_delivery_guid", "guid", unique=True),
        Index(
            "ix_inbox_delivery_digest",
            "digest",
            unique=True,
            sqlite_where=text("duplicate_of IS NULL"),
            postgresql_where=text("duplicate_of IS NULL"),
        ),
        Index("ix_inbox_delivery_state", "state", "number"),
        {"sqlite_autoincrement": True},
    )
    number: int | None = _number()
    guid: str = _text(200)
    event: str = _text(100)
    digest: str = _text(64)
    size: int
    received: float
    state: str = _text(20)
    seen: int = 1
    taken: int = 0
    lease: float = 0.0
    handled: float | None = None
    jobs: str = _text(default="[]")
    why: str = _text(default="")
    duplicate_of: int | None = Field(default=None, sa_type=COUNT)


class InboxBody(InboxTable, table=True):
    """The bytes of an accepted delivery that is not done: written once, so that a change of state never writes them
    again."""

    __tablename__ = "inbox_body"
    number: int = Field(primary_key=True, sa_type=COUNT, sa_column_kwargs={"autoincrement": False})
    body: bytes = Field(sa_type=LargeBinary)


class PullHead(MainTable, table=True):
    """The head of a pull request that was seen last, and how many were seen."""

    __tablename__ = "pull_head"
    repository: str = _text(201, primary_key=True)
    number: int = Field(primary_key=True, sa_type=COUNT, sa_column_kwargs={"autoincrement": False})
    head: str = _text(64)
    generation: int
    seen: float


class Mark(MainTable, table=True):
    """How far something has come that is done again and again."""

    __tablename__ = "mark"
    name: str = _text(100, primary_key=True)
    at: float


class RecordRow(MainTable, table=True):
    """One judged commit of a pull request. `document`, `findings` and `decision` are JSON."""

    __tablename__ = "record"
    __table_args__ = (
        Index("ix_record_pull", "repository", "number", "created"),
        Index("ix_record_head", "repository", "head"),
        Index("ix_record_created", "created"),
    )
    id: str = _text(16, primary_key=True)
    repository: str = _text(201)
    name: str = _text(201)
    number: int = Field(sa_type=COUNT)
    base: str = _text(64)
    head: str = _text(64)
    configuration: str = _text(64)
    attempt: str = _text(200)
    document: str = _text()
    findings: str = _text()
    decision: str = _text()
    who: str = _text(200)
    delivery: str = _text(200)
    started: float
    finished: float
    created: float


class OkToTest(MainTable, table=True):
    """Somebody's word that the tests of one commit of a pull request may run."""

    __tablename__ = "ok_to_test"
    __table_args__ = (Index("ix_ok_to_test_granted", "granted"),)
    repository: str = _text(201, primary_key=True)
    number: int = Field(primary_key=True, sa_type=COUNT, sa_column_kwargs={"autoincrement": False})
    head: str = _text(64, primary_key=True)
    by: str = _text(200)
    granted: float


class ApprovalRow(MainTable, table=True):
    """Somebody's approval of one commit of a pull request, given by button or command."""

    __tablename__ = "approval"
    __table_args__ = (Index("ix_approval_given", "given"),)
    repository: str = _text(201, primary_key=True)
    number: int = Field(primary_key=True, sa_type=COUNT, sa_column_kwargs={"autoincrement": False})
    head: str = _text(64, primary_key=True)
    login: str = _text(200, primary_key=True)
    name: str = _text(200)
    given: float


class AccountLogin(MainTable, table=True):
    """A login, in lower case, that an account was seen with: it may have had others, and the login other accounts."""

    __tablename__ = "account_login"
    __table_args__ = (Index("ix_account_login", "login"),)
    account: int = Field(primary_key=True, sa_type=COUNT, sa_column_kwargs={"autoincrement": False})
    login: str = _text(200, primary_key=True)
    seen: float


class ModificationRow(MainTable, table=True):
    """Something that selfmod proposed; `repository` is how it is looked up, `name` how it is written, `keys` a JSON
    list."""

    __tablename__ = "modification"
    __table_args__ = (
        Index("ix_modification_pull", "repository", "number"),
        Index("ix_modification_created", "repository", "created"),
        Index("ix_modification_reverts", "repository", "reverts"),
    )
    id: str = _text(16, primary_key=True)
    repository: str = _text(201)
    name: str = _text(201)
    sort: str = _text(20)
    branch: str = _text(255)
    base_ref: str = _text(255)
    title: str = _text(500)
    base: str = _text(64)
    head: str = _text(64)
    number: int = Field(sa_type=COUNT)
    requester: str = _text(200)
    keys: str = _text()
    reverts: str = _text(40)
    status: str = _text(20)
    merged: str = _text(64)
    reason: str = _text()
    created: float
    changed: float


class StopRow(MainTable, table=True):
    """An emergency stop; `lifted` is 0 while it holds. Of `owner`, `repository` and `pull` those are set that say how
    far it reaches."""

    __tablename__ = "stop"
    __table_args__ = (Index("ix_stop_where", "repository", "owner", "lifted"), {"sqlite_autoincrement": True})
    number: int | None = _number()
    owner: str = _text(100)
    repository: str = _text(201)
    pull: int = Field(sa_type=COUNT)
    by: str = _text(200)
    why: str = _text()
    at: float
    lifted: float = 0.0
    lifted_by: str = _text(200)
    lifted_why: str = _text()


class RepositoryName(MainTable, table=True):
    """A name that a repository has (`until` is 0) or had. `id` is GitHub's number of it, `name` how rows are looked up
    that are kept by its name, `shown` how it is written: empty where the name is not known. Of the audit chain the
    records behind `since` up to `until` with that name are about it."""

    __tablename__ = "repository_name"
    __table_args__ = (
        Index("ix_repository_name_id", "id", "until"),
        Index("ix_repository_name_name", "name", "until"),
        {"sqlite_autoincrement": True},
    )
    number: int | None = _number()
    id: int = Field(sa_type=COUNT)
    name: str = _text(201)
    shown: str = _text(201)
    since: int = Field(sa_type=COUNT)
    until: int = Field(sa_type=COUNT)


class LocalPull(MainTable, table=True):
    """A proposal on a local repository, which has no forge that would keep it: its branches, and how it stands. Times
    are ISO 8601 here, as forges tell them; `labels` is a JSON list."""

    __tablename__ = "local_pull"
    __table_args__ = (Index("ix_local_pull_head", "head_ref", "number"), {"sqlite_autoincrement": True})
    number: int | None = _number()
    title: str = _text()
    body: str = _text()
    head: str = _text(64)
    head_ref: str = _text(255)
    base_ref: str = _text(255)
    base_sha: str = _text(64)
    open: bool
    merged: bool
    merge_commit: str = _text(64)
    labels: str = _text()
    created: str = _text(40)
    updated: str = _text(40)


class LocalRun(MainTable, table=True):
    """A check run on a commit of a local repository; `conclusion` is empty while it is in progress."""

    __tablename__ = "local_run"
    __table_args__ = (
        Index("ix_local_run_name", "head", "name", unique=True),
        {"sqlite_autoincrement": True},
    )
    number: int | None = _number()
    head: str = _text(64)
    name: str = _text(100)
    key: str = _text()
    conclusion: str = _text(20)
    title: str = _text()
    summary: str = _text()
    text: str = _text()
    annotations: int


class LocalComment(MainTable, table=True):
    """A comment of selfmod's own on a proposal of a local repository, known by its marker."""

    __tablename__ = "local_comment"
    __table_args__ = (
        Index("ix_local_comment_marker", "pull", "marker", unique=True),
        {"sqlite_autoincrement": True},
    )
    number: int | None = _number()
    pull: int = Field(sa_type=COUNT)
    marker: str = _text(200)
    generation: int
    body: str = _text()
    created: str = _text(40)
    updated: str = _text(40)


class AuditRecord(MainTable, table=True):
    """One link of the audit chain; what `hash` covers is said in `app.store.chain`. Triggers refuse changes."""

    __tablename__ = "audit_record"
    __table_args__ = (
        Index("ix_audit_record_once", "once", unique=True),
        Index("ix_audit_record_repository", "repository", "number"),
        Index("ix_audit_record_subject", "subject", "number"),
        Index("ix_audit_record_kind", "kind", "number"),
    )
    number: int = Field(primary_key=True, sa_type=COUNT, sa_column_kwargs={"autoincrement": False})
    time: str = _text(40)
    kind: str = _text(100)
    repository: str = _text(201)
    subject: str = _text()
    facts: str = _text()
    once: str = _text(200)
    previous: str = _text(64)
    hash: str = _text(64)


class AuditHead(MainTable, table=True):
    """The one row that says where the chain ends. `prunable` is the last record that may be removed: not 0 only within
    the transaction that removes."""

    __tablename__ = "audit_head"
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(sa_type=COUNT)
    hash: str = _text(64)
    seal: str = _text(64)
    prunable: int = Field(sa_type=COUNT)


class OutgoingCall(MainTable, table=True):
    """One call to GitHub, a model or another server."""

    __tablename__ = "outgoing_call"
    __table_args__ = (
        Index("ix_outgoing_call_time", "time"),
        Index("ix_outgoing_call_repository", "repository", "number"),
        {"sqlite_autoincrement": True},
    )
    number: int | None = _number()
    time: float
    purpose: str = _text(200)
    target: str = _text(500)
    outcome: str = _text(200)
    seconds: float
    repository: str = _text(201)
