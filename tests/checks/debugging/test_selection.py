"""Which files are looked at, and what is known of what lies around them."""

from pathlib import Path

import pytest

from checks.debugging import selection
from checks.model.errors import Refusal
from checks.repository.snapshot import of_memory, of_working_tree
from tests.repositories import made

PATHS = ("a.py", "b.pyw", "c.pyi", "d.txt", "docs/conf.py", "docs/keep.py", "gen/x_pb2.py")


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ((), ["a.py", "b.pyw", "docs/conf.py", "docs/keep.py", "gen/x_pb2.py"]),
        (("docs/",), ["a.py", "b.pyw", "gen/x_pb2.py"]),
        (("docs/*", "!docs/keep.py"), ["a.py", "b.pyw", "docs/keep.py", "gen/x_pb2.py"]),
        (("*_pb2.py", "/a.py"), ["b.pyw", "docs/conf.py", "docs/keep.py"]),
        (("**",), []),
    ],
)
def test_python_files_but_those_excluded(patterns: tuple[str, ...], left: list[str]) -> None:
    snapshot = of_memory(dict.fromkeys(PATHS, b""))
    assert selection.python_files(snapshot, selection.excluding(patterns)) == left


@pytest.mark.parametrize("pattern", ["!", "[z-a]"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(Refusal, match=r"exclude: .*  Write patterns as in \.gitignore"):
        selection.excluding([pattern])


def test_a_file_that_is_gone_by_then_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    (tmp_path / "b.py").write_bytes(b"y = 1\n")
    snapshot = of_working_tree(tmp_path)
    (tmp_path / "b.py").unlink()
    found, failed = selection.contents(snapshot, ["a.py", "b.py"])
    assert found == {"a.py": b"x = 1\n"}
    assert [(note.file, note.reason) for note in failed] == [("b.py", "cannot be read: No such file or directory")]


def test_links_named_like_python_are_told_unless_excluded(tmp_path: Path) -> None:
    for name in ("a.py", "b.py", "c.txt"):
        (tmp_path / name).symlink_to("/etc/passwd")
    unread = selection.unread(of_working_tree(tmp_path), selection.excluding(["b.py"]))
    assert [(note.file, note.reason) for note in unread] == [("a.py", "symbolic link: not followed")]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        ((), set()),
        (("a.py", "p/__init__.py", "p/q.py", "setup.py", "conftest.py"), {"a", "p"}),
        (("src/p/__init__.py", "src/m.py", "tests/t.py", "x.txt"), {"p", "m"}),
    ],
)
def test_modules_of_ones_own(paths: tuple[str, ...], names: set[str]) -> None:
    assert selection.own_modules(paths) == names


def around(path: Path) -> set[str]:
    return {entry.path for entry in selection.whole(of_working_tree(path), path).files}


def test_around_a_file_in_git_is_the_repository(tmp_path: Path) -> None:
    repository = made(tmp_path / "work")
    for path in ("a.py", "p/b.py", "pyproject.toml"):
        repository.put(path, "")
    assert around(repository.root / "p" / "b.py") == {"a.py", "p/b.py", "pyproject.toml"}
    assert around(repository.root) == {"a.py", "p/b.py", "pyproject.toml"}


def test_around_a_file_outside_git_is_its_folder_and_nothing_deep(tmp_path: Path) -> None:
    for path in ("p/a.py", "p/pyproject.toml", "p/q/__init__.py", "p/q/deep.py", "p/r/deep.py", "above.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert around(tmp_path / "p" / "a.py") == {"a.py", "pyproject.toml", "q/__init__.py"}
    assert around(tmp_path / "p") == {"a.py", "pyproject.toml", "q/__init__.py", "q/deep.py", "r/deep.py"}
