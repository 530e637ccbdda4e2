"""What tests of the straight lines share."""

import threading
from pathlib import Path
from typing import Any

import pytest

from checks.debugging import pool
from tests.repositories import Repository, made


class _Threads:
    """The module `threading` as a process sees it that had only one thread when the test began."""

    def __init__(self) -> None:
        self._before = threading.active_count()

    def active_count(self) -> int:
        return max(1, threading.active_count() - self._before + 1)

    def __getattr__(self, name: str) -> Any:
        return getattr(threading, name)


@pytest.fixture(autouse=True)
def threads_of_earlier_tests_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server or a database's pool of a test before this one may have left some: the pool would then start its workers
    as a server does, which takes longer than these tests allow."""
    monkeypatch.setattr(pool, "threading", _Threads())


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """A repository with one commit, in which `a.py` has two faults and `sub/b.py` one."""
    repository = made(tmp_path / "project")
    repository.put("a.py", FAULTY)
    repository.put("sub/b.py", MUTABLE)
    repository.commit()
    return repository


MUTABLE = "def f(a=[]):\n    return a\n"
FAULTY = "import requests\n\n\ndef load(url, links=[]):\n    links.append(url)\n    return requests.get(url)\n"
