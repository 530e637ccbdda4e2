from pathlib import Path

import pytest

from checks.repository import hotspots
from tests.repositories import Repository, made

DAY = 86_400


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return made(tmp_path / "work")


def committed(repository: Repository, message: str, day: int, **files: str) -> str:
    for name, text in files.items():
        repository.put(name + ".py", text)
    repository.git("add", "-A")
    moment = f"{1_700_000_000 + day * DAY} +0000"
    tree = repository.git("write-tree").strip()
    parents = repository.git("rev-parse", "--verify", "--quiet", "HEAD", check=False).split()
    person = f"Ann <ann@example.org> {moment}"
    lines = [f"tree {tree}", *(f"parent {each}" for each in parents), f"author {person}", f"committer {person}"]
    commit = "\n".join([*lines, "", message, ""]).encode()
    made = repository.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=commit).strip()
    repository.git("update-ref", "HEAD", made)
    return repository.git("rev-parse", "HEAD").strip()


def test_mended_faults_count_the_newer_the_more(repository: Repository) -> None:
    committed(repository, "Begin", 0, a="1\n", b="1\n", c="1\n")
    committed(repository, "Fix a crash", 100, a="2\n")
    committed(repository, "Fix a leak", 280, b="2\n")
    head = committed(repository, "Add a thing", 280, c="2\n")
    known = hotspots.before(repository.root, head)
    assert known is not None
    assert known.commits == 4
    assert known.spots["a.py"].fixes == pytest.approx(0.5)
    assert known.spots["b.py"].fixes == pytest.approx(1.0)
    assert known.spots["c.py"].fixes == 0
    assert known.spots["c.py"].churn == pytest.approx(2 + 0.5 ** (280 / 180))
    assert known.spots["c.py"].commits == 2
    assert known.rank("b.py") > known.rank("a.py") > known.rank("c.py") == 0
    assert known.rank("unknown.py") == 0
    assert known.sizes == ((1, 2), (1, 2), (1, 2), (3, 3))
    assert known.together == (frozenset({"a.py", "b.py", "c.py"}),)


def test_only_what_lies_before_the_commit_counts(repository: Repository) -> None:
    first = committed(repository, "Begin", 0, a="1\n")
    committed(repository, "Fix a crash", 1, a="2\n")
    known = hotspots.before(repository.root, first)
    assert known is not None
    assert known.spots["a.py"].fixes == 0


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Fix a crash in the pager", True),
        ("fixes #12", True),
        ("Fixed regression of 1.2", True),
        ("Bug: total is negative", True),
        ("CVE-2024-1: escape names", True),
        ("Add a feature", False),
        ("Prefix names", False),
        ("Fix typo", False),
        ("Fix docs of Cart", False),
        ("fix flake8 warnings", False),
        ("Fix CI", False),
        ("", False),
    ],
)
def test_messages_that_tell_of_a_mended_fault(subject: str, expected: bool) -> None:
    assert hotspots.mends(subject) is expected


def test_a_sweep_over_many_files_tells_nothing_of_each(repository: Repository) -> None:
    files = {f"m{number}": "1\n" for number in range(hotspots.WIDEST + 1)}
    head = committed(repository, "Fix a crash", 0, **files)
    known = hotspots.before(repository.root, head)
    assert known is not None
    assert known.spots == {}


def test_a_shallow_clone_a_missing_commit_and_no_repository_are_unknown(repository: Repository, tmp_path: Path) -> None:
    committed(repository, "Begin", 0, a="1\n")
    head = committed(repository, "More", 1, a="2\n")
    repository.git("clone", "-q", "--depth=1", f"file://{repository.root}", str(tmp_path / "shallow"))
    assert hotspots.before(tmp_path / "shallow", head) is None
    assert hotspots.before(repository.root, "0" * 40) is None
    assert hotspots.before(tmp_path, head) is None


def test_odd_names_binary_files_and_merges(repository: Repository) -> None:
    committed(repository, "Begin", 0, a="1\n")
    repository.git("checkout", "-q", "-b", "side")
    repository.put("a b\tc\nd.py", "1\n")
    repository.put("x.bin", b"\0\1")
    committed(repository, "Fix a crash", 1)
    repository.git("checkout", "-q", "main")
    committed(repository, "Other", 1, b="1\n")
    repository.git("merge", "-q", "--no-ff", "-m", "Fix everything", "side")
    known = hotspots.before(repository.root, repository.git("rev-parse", "HEAD").strip())
    assert known is not None
    assert known.spots["a b\tc\nd.py"].fixes == pytest.approx(1.0)
    assert known.spots["x.bin"].churn == 0
    assert known.commits == 3


def test_nothing_of_the_repository_is_run(repository: Repository, tmp_path: Path) -> None:
    """Drivers, filters, signatures and pagers that its own configuration and attributes name."""
    proof = tmp_path / "ran"
    program = tmp_path / "evil.sh"
    program.write_text(f"#!/bin/sh\necho ran >> {proof}\ncat\n")
    program.chmod(0o755)
    repository.put(".gitattributes", "* diff=evil filter=evil merge=evil\n")
    head = committed(repository, "Fix a crash", 0, a="1\n")
    for key in ("diff.evil.textconv", "diff.evil.command", "diff.external", "filter.evil.clean", "filter.evil.smudge",
                "gpg.program", "core.pager", "pager.rev-list", "core.fsmonitor", "core.sshCommand"):  # fmt: skip
        repository.git("config", key, str(program))
    for key in ("log.showSignature", "log.mailmap", "diff.evil.cachetextconv"):
        repository.git("config", key, "true")
    repository.git("config", "alias.rev-list", f"!{program}")
    proof.unlink(missing_ok=True)
    known = hotspots.before(repository.root, head)
    assert known is not None
    assert known.spots["a.py"].fixes == 1
    assert not proof.exists()
