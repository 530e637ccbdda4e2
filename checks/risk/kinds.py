"""What kind of file a path is, and how much of it a change touches."""

import posixpath
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from checks.repository.change import Change, Touched
from checks.repository.history import shown
from checks.repository.lines import line_map
from checks.repository.snapshot import Snapshot

TESTS = frozenset({"tests", "test"})
"""Folders that hold tests and what they need."""
ASIDE = frozenset({"docs", "doc", "examples", "example", "samples", "benchmarks", "scripts", "tools"})
"""Folders of Python that nobody imports as part of the project."""
LOCKS = frozenset(
    {
        "poetry.lock", "uv.lock", "pdm.lock", "pipfile.lock", "requirements.lock", "pixi.lock", "conda-lock.yml",
        "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "cargo.lock", "go.sum",
        "gemfile.lock", "composer.lock", "flake.lock",
    }
)  # fmt: skip
"""Files that a package manager writes: which versions are installed, from where."""
_LOCK = re.compile(r"pylock(\..+)?\.toml|.*requirements.*\.lock")
_WRITTEN = re.compile(r".*\.(min\.(js|css)|map|snap|svg)|.*\.lock")


@lru_cache(maxsize=8_192)
def normal(path: str) -> str:
    """The path as the most lenient file system sees it: NFKC, case folded, without characters that are ignored or
    trailing dots and blanks, with single `/` and no `.`; so that no spelling gets past a pattern."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold()).replace("\\", "/")
    plain = folded if folded.isprintable() else "".join(c for c in folded if _is_seen(c))
    parts = (part if part in (".", "..") else part.partition(":")[0].rstrip(" .") for part in plain.split("/"))
    return posixpath.normpath("/".join(part for part in parts if part)).lstrip("/")


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cf", "Cc")


def is_python(path: str) -> bool:
    """Whether it is named as Python source."""
    return path.endswith((".py", ".pyi", ".pyw"))


def is_test_module(path: str) -> bool:
    """Whether pytest or unittest collects tests from a file of this name."""
    name = path.rpartition("/")[2]
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py") or name == "tests.py")


def in_tests(path: str) -> bool:
    """Whether it is a test module or lies among tests."""
    folders = path.split("/")[:-1]
    return is_test_module(path) or not TESTS.isdisjoint(folders) or path.rpartition("/")[2] == "conftest.py"


def is_source(path: str) -> bool:
    """Whether it is Python of the project itself: no test, no documentation, no tool."""
    if not is_python(path) or in_tests(path):
        return False
    return path.split("/")[0] not in ASIDE and path not in ("setup.py", "noxfile.py", "tasks.py")


def is_lock(path: str) -> bool:
    """Whether a package manager writes it."""
    name = normal(path).rpartition("/")[2]
    return name in LOCKS or _LOCK.fullmatch(name) is not None


def is_written(path: str) -> bool:
    """Whether a program writes files of this name. Python is never taken for written: it runs all the same."""
    return is_lock(path) or _WRITTEN.fullmatch(normal(path).rpartition("/")[2]) is not None


def content(snapshot: Snapshot, path: str | None) -> bytes | None:
    """The bytes of a file, None where it is not there or cannot be read."""
    if path is None:
        return None
    try:
        return snapshot.read(path)
    except OSError:
        return None


def sides(change: Change, touched: Touched) -> tuple[bytes | None, bytes | None]:
    """A touched file before and after, each None where there is none or it cannot be read."""
    old = None if touched.status == "added" else content(change.base, touched.was)
    new = None if touched.status == "deleted" else content(change.head, touched.path)
    return old, new


def unreadable(touched: Touched, old: bytes | None, new: bytes | None) -> bool:
    """Whether a side that should be there could not be read."""
    return (old is None and touched.status != "added") or (new is None and touched.status != "deleted")


def changed_lines(old: bytes | None, new: bytes | None) -> int:
    """Lines that the change adds plus lines that it takes away."""
    if old is None or new is None:
        return len((old or new or b"").splitlines())
    kept = sum(line is not None for line in line_map(old, new).old)
    return len(old.splitlines()) + len(new.splitlines()) - 2 * kept


def listed(names: Iterable[str], most: int = 3) -> str:
    """The first few names and how many more there are: `a, b, c and 4 more`."""
    every = [shown(name) for name in names]
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" and {rest} more" if rest > 0 else "")


def ranges(lines: Iterable[int], most: int = 4) -> str:
    """Line numbers as `3, 7-9`, the first few."""
    found: list[list[int]] = []
    for line in sorted(set(lines)):
        if found and line == found[-1][1] + 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    texts = [f"{first}-{last}" if last > first else str(first) for first, last in found]
    return ", ".join(texts[:most]) + (" …" if len(texts) > most else "")
