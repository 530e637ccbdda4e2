"""What is older than the settings say is removed, once an hour, and an audit chain that is broken is not."""

import dataclasses
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection, text

from app.github import mirror
from app.model.delivery import Delivery
from app.model.job import Job, Kind
from app.operations.holding import Hold
from app.settings import ServerSettings
from app.store import audit, inbox
from app.store.connect import Store
from app.workflows import keeping
from app.workflows.host import Host
from app.workflows.reviewing import environment
from app.workflows.steps import Tools
from tests.app import stores

HOURLY = Job(Kind.RECONCILE, "", 0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = stores.store(tmp_path)
    yield opened
    opened.close()


def tools(store: Store, days: int) -> Tools:
    settings = ServerSettings(
        database_url="sqlite://", data_dir=store.data_dir, retention_days=days, repositories_gib=3, environments_gib=2
    )
    return Tools(cast(Host, None), store, settings)


def handled(store: Store, guid: str, ago: float) -> None:
    """A delivery that was handled so many days ago."""
    inbox.accept(store, Delivery(guid, "push", guid.encode(), time.time()))
    inbox.done(store, guid, [])
    moved = text("UPDATE inbox_delivery SET handled = handled - :seconds WHERE guid = :guid")
    store.inbox.write(lambda connection: connection.execute(moved, {"seconds": ago * 86_400, "guid": guid}))


def test_what_is_old_is_removed(store: Store) -> None:
    handled(store, "old", 31)
    handled(store, "young", 29)
    assert keeping.prune(tools(store, 30), Job(Kind.RECONCILE, "acme/shop", 1), {}) == {}
    assert inbox.find(store, "old")
    assert keeping.prune(tools(store, 30), HOURLY, {}) == {"pruned": 1, "removed": 0}
    assert keeping.prune(tools(store, 30), HOURLY, {}) == {"pruned": 0, "removed": 0}
    assert inbox.find(store, "old") is None
    assert inbox.find(store, "young")


def test_a_broken_chain_is_told_of_and_left(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(3):
        audit.append(store, "judged", "acme/shop", "acme/shop#1", {"number": number})

    def forge(connection: Connection) -> None:
        """As somebody with the database in hand would."""
        for (trigger,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("UPDATE audit_record SET time = '2001-01-01T00:00:00.000000Z', facts = '{}'"))

    store.main.write(forge)
    with caplog.at_level(logging.ERROR):
        assert keeping.prune(tools(store, 30), HOURLY, {}) == {"pruned": 0, "removed": 0}
    assert "broken" in caplog.text


def test_what_can_be_made_anew_is_bounded(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(keeping, "GIB", 64 * 1024)
    made = [store.data_dir / kind / name for kind in (mirror.FOLDER, environment.FOLDER) for name in "abcd"]
    for each in made:
        each.mkdir(parents=True)
        (each / "file").write_bytes(os.urandom(50 * 1024))
        Hold(each).release()
    held = Hold(made[4])
    with caplog.at_level(logging.INFO):
        assert keeping.prune(tools(store, 30), HOURLY, {}) == {"pruned": 0, "removed": 3}
    left = sorted(f"{each.parent.name}/{each.name}" for each in made if each.exists())
    assert left == ["environments/a", "environments/d", "repositories/b", "repositories/c", "repositories/d"]
    assert "1 copies of repositories removed" in caplog.text
    assert "SELFMOD" not in caplog.text
    held.release()
    one = tools(store, 30)
    small = dataclasses.replace(one, settings=one.settings.model_copy(update={"environments_gib": 1}))
    busy = [Hold(each) for each in made[4:]]
    assert keeping.prune(small, HOURLY, {})["removed"] == 0
    assert "environments take" in caplog.text and "SELFMOD_ENVIRONMENTS_GIB" in caplog.text
    assert len(busy) == 4
