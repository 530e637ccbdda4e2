"""The migrated form and the models."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from app.store import migrate
from app.store.connect import Store, connect
from app.store.database import Database
from checks.model.errors import Refusal


def _of(store: Store, part: migrate.Part) -> Database:
    return store.inbox if part is migrate.INBOX else store.main


@pytest.mark.parametrize("part", [migrate.MAIN, migrate.INBOX], ids=lambda part: part.name)
def test_what_the_migrations_make_is_what_the_models_say(store: Store, part: migrate.Part) -> None:
    def differences(connection: Connection) -> list[Any]:
        def ours(thing: Any, name: str | None, kind: str, *_: object) -> bool:
            return kind != "table" or name in part.metadata.tables

        options = {"compare_type": True, "include_object": ours}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), part.metadata)
        return list(found)

    assert _of(store, part).read(differences) == []


@pytest.mark.parametrize("part", [migrate.MAIN, migrate.INBOX], ids=lambda part: part.name)
def test_columns_are_as_strict_as_the_models(store: Store, part: migrate.Part) -> None:
    def strict(connection: Connection) -> None:
        for name, table in part.metadata.tables.items():
            found = {each["name"]: each["nullable"] for each in inspect(connection).get_columns(name)}
            assert found == {each.name: each.nullable for each in table.columns}

    _of(store, part).read(strict)


@pytest.mark.parametrize("version", ["selfmod_version", "selfmod_inbox_version"])
def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(
    store: Store, url: str, tmp_path: Path, version: str
) -> None:
    database = store.main if version == "selfmod_version" else store.inbox
    database.write(lambda connection: connection.exec_driver_sql(f"UPDATE {version} SET version_num = 'main_9999'"))
    with pytest.raises(Refusal, match="newer selfmod") as refused:
        connect(url, tmp_path / "data")
    assert "backup" in refused.value.hint
    read = f"SELECT version_num FROM {version}"
    assert database.read(lambda connection: connection.exec_driver_sql(read).scalar()) == "main_9999"


def test_connecting_again_changes_nothing(store: Store, url: str, tmp_path: Path) -> None:
    again = connect(url, tmp_path / "data")
    assert again.postgresql == store.postgresql
    again.close()
