import pytest

from checks.model.changes import ChangeSet, FileChange
from checks.model.errors import Refusal
from checks.repository import paths

BAD = [
    "",
    "/etc/passwd",
    "..",
    "a/../b",
    "./a",
    "a//b",
    "a/",
    "a/.",
    "a\0b",
    "a\\b",
    "..\\b",
    "a\ud800b",
    "x" * 4001,
    "/".join("a" * 101),
    ".git",
    ".git/config",
    "a/.git/hooks/x",
    ".GIT/config",
    ".Git",
    "git~1/config",
    "GIT~2",
    ".git ",
    ".git.",
    ".git. . /x",
    ".git::$INDEX_ALLOCATION/config",
    ".git:x",
    ".g\u200cit/config",
    ".gi\u200dt",
    "\ufeff.git",
    ".ｇｉｔ/config",
    ".g\u2060it",
    "\u206a.git",
]
GOOD = [
    "a.py",
    "a/b.py",
    ".github/x.yml",
    ".gitignore",
    ".gitattributes",
    "git/a.py",
    "a git.py",
    "a/..b",
    "über.py",
    "new\nline.py",
    "latin\udcff.py",
    "git~x",
    "x.git",
]


@pytest.mark.parametrize("path", BAD)
def test_paths_that_leave_the_tree_or_reach_git(path: str) -> None:
    with pytest.raises(Refusal, match="is not applied"):
        paths.check(ChangeSet(None, (FileChange("ok.py", None, b""), FileChange(path, None, b""))))


@pytest.mark.parametrize("path", GOOD)
def test_plain_paths(path: str) -> None:
    assert paths.fault(path) is None


def test_a_path_named_twice() -> None:
    with pytest.raises(Refusal, match="named twice"):
        paths.check(ChangeSet(None, (FileChange("a.py", None, b"1"), FileChange("a.py", None, b"2"))))
