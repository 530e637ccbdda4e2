"""Brings a database to the form that this version of the program knows: all of it or nothing, and once where several
processes start together."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from app.store import tables
from checks.model.errors import Refusal

LOCK = 0x73656C666D6F6401
"""The number of PostgreSQL's advisory lock around migrations: "selfmod" and 1."""
_FOLDER = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Part:
    """A schema with migrations of its own: the folder of that name holds them, a table of the name `version` its
    state."""

    name: str
    version: str
    metadata: MetaData

    @property
    def scripts(self) -> ScriptDirectory:
        """Its migrations."""
        return ScriptDirectory(os.fspath(_FOLDER), version_locations=[os.fspath(_FOLDER / self.name)])


MAIN = Part("main", "selfmod_version", tables.MAIN)
INBOX = Part("inbox", "selfmod_inbox_version", tables.INBOX)


def run(engine: Engine, part: Part, data_dir: Path) -> None:
    """Migrates one schema to its newest form. Raises Refusal where it is newer than that."""
    scripts = part.scripts
    with engine.connect() as connection:
        current = _current(connection, part)
    if current is not None and current == scripts.get_current_head():
        return
    if engine.dialect.name == "sqlite":
        with _alone(data_dir):
            _write_ahead(engine)
            _migrate(engine, part, scripts)
    else:
        _migrate(engine, part, scripts)


def _migrate(engine: Engine, part: Part, scripts: ScriptDirectory) -> None:
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        # again: another process may have done it meanwhile
        current = _current(connection, part)
        if current is not None and current not in {each.revision for each in scripts.walk_revisions()}:
            raise Refusal(
                f"the database was written by a newer selfmod (its form is {current[:50]}).",
                "Install that version or a newer one, or restore a backup from before it.",
            )

        def upgrade(revision: Any, _: object) -> Any:
            return scripts._upgrade_revs("head", revision)

        environment = EnvironmentContext(Config(), scripts, fn=upgrade)
        with environment:
            environment.configure(
                connection=connection,
                target_metadata=part.metadata,
                version_table=part.version,
                transactional_ddl=True,  # SQLite too: the transaction is ours and was begun by hand
            )
            environment.run_migrations()


def _write_ahead(engine: Engine) -> None:
    """Readers and the writer do not wait for each other from now on: the file keeps the mode."""
    connection = engine.raw_connection()  # outside of any transaction: the mode cannot change within one
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _current(connection: Connection, part: Part) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": part.version}).get_current_revision()


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """No other process of this data folder migrates meanwhile."""
    handle = os.open(data_dir / "migrating.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
