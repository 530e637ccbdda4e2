import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.model.changes import ChangeSet, FileChange, digest
from checks.model.errors import Refusal
from checks.repository.writing.patch import as_diff, quoted


def change_set(files: dict[str, tuple[bytes | None, bytes | None]]) -> ChangeSet:
    changes = [FileChange(p, None if old is None else digest(old), new) for p, (old, new) in files.items()]
    return ChangeSet(None, tuple(changes))


def check_applies(files: dict[str, tuple[bytes | None, bytes | None]]) -> None:
    """Applies the diff with git, outside any repository, and compares every file."""
    text = as_diff(change_set(files), lambda path: files[path][0] or b"")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, (old, _) in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            if old is not None:
                (root / path).write_bytes(old)
        given = text.encode("utf-8", "surrogateescape")
        if given:
            line = ["git", "apply", "--whitespace=nowarn", "-"]
            env = {"GIT_CEILING_DIRECTORIES": folder, "PATH": "/usr/local/bin:/usr/bin:/bin"}
            ran = subprocess.run(line, cwd=root, input=given, capture_output=True, check=False, env=env)
            assert ran.returncode == 0, (ran.stderr, given)
        for path, (_, new) in files.items():
            assert ((root / path).read_bytes() if (root / path).exists() else None) == new, given


CASES: dict[str, tuple[bytes | None, bytes | None]] = {
    "changed": (b"a\nb\nc\n", b"a\nx\nc\n"),
    "no newline before": (b"a\nb", b"a\nb\n"),
    "no newline after": (b"a\nb\n", b"a\nb"),
    "no newline on both": (b"a\nb", b"a\nc"),
    "CRLF": (b"a\r\nb\r\n", b"a\r\nc\r\n"),
    "CRLF to LF": (b"a\r\nb\r\n", b"a\nb\n"),
    "lone CR": (b"a\rb\rc", b"a\rx\rc"),
    "new": (None, b"a\n"),
    "new without newline": (None, b"a"),
    "new and empty": (None, b""),
    "deleted": (b"a\nb", None),
    "deleted and empty": (b"", None),
    "emptied": (b"a\nb\n", b""),
    "filled": (b"", b"a\nb\n"),
    "no UTF-8": (b"\xff\xfe\n\x80\n", b"\xff\xfe\n\x81\n"),
    "NUL": (b"a\0b\nc\n", b"a\0b\nd\n"),
    "unchanged": (b"a\n", b"a\n"),
    "far apart": (
        b"".join(b"%d\n" % n for n in range(100)),
        b"x\n" + b"".join(b"%d\n" % n for n in range(1, 99)) + b"y\n",
    ),
    "looks like a diff": (b"-- a\n++ b\n@@ -1 +1 @@\n", b"-- a\n++ c\n@@ -1 +1 @@\n"),
}
NAMES = [
    "a.py",
    "with space.py",
    "end ",
    "tab\t.py",
    "new\nline.py",
    'quo"te.py',
    "über/日本.py",
    "latin\udcff.py",
    "a b/c",
    "\x7f.py",
    "a => b.py",
]


@pytest.mark.parametrize("case", CASES)
def test_git_applies_it(case: str) -> None:
    check_applies({"folder/file.py": CASES[case]})


@pytest.mark.parametrize("name", NAMES)
def test_git_applies_it_to_odd_names(name: str) -> None:
    check_applies({name: (b"a\nb\n", b"a\nc\n"), f"new {name}": (None, b"a\n"), f"deleted {name}": (b"a\n", None)})


PIECES = st.lists(
    st.sampled_from([b"a", b"b", b"\n", b"\n", b"\r\n", b"\r", b"\xff", b"\0", b" ", b"\\", b"+", b"-"]), max_size=80
)
CONTENT = PIECES.map(b"".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.none() | CONTENT, st.none() | CONTENT).filter(lambda pair: pair != (None, None)), max_size=4)
)
def test_whatever_the_bytes_git_makes_after_of_before(contents: list[tuple[bytes | None, bytes | None]]) -> None:
    check_applies({f"f{number}.py": pair for number, pair in enumerate(contents)})


def test_the_text() -> None:
    files: dict[str, tuple[bytes | None, bytes | None]] = {
        "b.py": (b"1\n2\n3\n4\n5\n", b"1\n2\n3\n4\nfive"),
        "a b.py": (None, b"x\n"),
    }
    assert as_diff(change_set(files), lambda path: files[path][0] or b"") == (
        "diff --git a/a b.py b/a b.py\nnew file mode 100644\n--- /dev/null\n+++ b/a b.py\t\n@@ -0,0 +1,1 @@\n+x\n"
        "diff --git a/b.py b/b.py\n--- a/b.py\n+++ b/b.py\n@@ -2,4 +2,4 @@\n 2\n 3\n 4\n-5\n+five\n"
        "\\ No newline at end of file\n"
    )


def test_a_file_that_is_another_by_now() -> None:
    with pytest.raises(Refusal, match=r"a\.py is not what the change was made for"):
        as_diff(change_set({"a.py": (b"a\n", b"b\n")}), lambda _: b"other\n")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a b", b"a b"),
        ("ü", "ü".encode()),
        ('"', b'"\\""'),
        ("\n", b'"\\n"'),
        ("\udcff", b'"\\377"'),
        ("ü\t", b'"\\303\\274\\t"'),
    ],
)
def test_quoted(path: str, expected: bytes) -> None:
    assert quoted(path) == expected
