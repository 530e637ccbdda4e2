"""What tests of the straight lines share."""

from pathlib import Path

import pytest

from tests.repositories import Repository, made


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
