import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checks.debugging.tools import ruff
from checks.model.errors import Refusal

ROOT = Path(__file__).parents[4]
SOURCE = b"import os\nassert x\ndef f(a=[]): pass\n"
"""F401, S101 and F821, B006."""
FOUND = ["F401", "S101", "F821", "B006"]


def run(
    folder: Path, contents: dict[str, bytes], seconds: float | None = None
) -> tuple[list[ruff.Diagnostic], dict[str, str]]:
    started = ruff.Run(folder, contents, (3, 12), seconds)
    try:
        return started.diagnostics()
    finally:
        started.stop()


def codes(folder: Path, content: bytes, path: str = "package/module.py") -> list[str]:
    diagnostics, broken = run(folder, {path: content})
    assert not broken
    assert {d.file for d in diagnostics} <= {path}
    return [d.code for d in sorted(diagnostics, key=lambda d: (d.line, d.column))]


def test_findings_by_file(tmp_path: Path) -> None:
    diagnostics, broken = run(tmp_path, {"b.py": b"assert x\n", "a/b.py": b"x = 1\n", "a/c.py": b"import os\n"})
    assert not broken
    assert sorted((d.file, d.code, d.line, d.column) for d in diagnostics) == [
        ("a/c.py", "F401", 1, 8),
        ("b.py", "F821", 1, 8),
        ("b.py", "S101", 1, 1),
    ]


def test_no_files(tmp_path: Path) -> None:
    assert run(tmp_path, {}) == ([], {})


SETTINGS = {
    "ruff.toml": "lint.ignore = ['ALL']\nexclude = ['*']\n",
    ".ruff.toml": "lint.ignore = ['ALL']\n",
    "pyproject.toml": "[tool.ruff.lint]\nignore = ['ALL']\n[tool.ruff.lint.per-file-ignores]\n'*' = ['ALL']\n",
    "setup.cfg": "[flake8]\nignore = F,S,B\n",
    ".gitignore": "*\n",
    ".ignore": "*\n",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_around_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """In the folder that we are in, in that above the files, beside the files, and in the home."""
    work = tmp_path / "work"
    work.mkdir()
    for folder in (tmp_path, work):
        (folder / name).write_text(SETTINGS[name])
    (tmp_path / ".config" / "ruff").mkdir(parents=True)
    (tmp_path / ".config" / "ruff" / name).write_text(SETTINGS[name])
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.chdir(tmp_path)
    assert codes(work, SOURCE) == FOUND


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RUFF_CONFIG", "{folder}/ruff.toml"),
        ("RUFF_NO_CACHE", "maybe"),
        ("RUFF_CACHE_DIR", "/dev/null/x"),
        ("RUFF_OUTPUT_FORMAT", "full"),
        ("RUFF_OUTPUT_FILE", "{folder}/written"),
        ("RUFF_TARGET_VERSION", "nonsense"),
        ("FORCE_COLOR", "1"),
        ("PATH", "/nowhere"),
        ("LD_PRELOAD", "/nowhere.so"),
    ],
)
def test_the_environment_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    (tmp_path / "ruff.toml").write_text("lint.ignore = ['ALL']\n")
    (tmp_path / "work").mkdir()
    monkeypatch.setenv(variable, value.format(folder=tmp_path))
    assert codes(tmp_path / "work", SOURCE) == FOUND
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ruff.toml", "work"]


def test_comments_of_ruff_hold(tmp_path: Path) -> None:
    assert codes(tmp_path, b"import os  # noqa\nassert x  # noqa: S101\n") == ["F821"]


@pytest.mark.parametrize(
    "path",
    [
        "a\nb.py",
        "a/\n.py",
        "-x.py",
        "--config.py",
        "@files.py",
        "a/'\".py",
        "é/ü.py",
        "\u202e.py",
        "a\udc80.py",
        "*.py",
        "{a,b}.py",
        "../../etc/x.py",
        "/etc/x.py",
        "a" * 252 + ".py",
        "%s/" % ("d" * 255) * 10 + "x.py",
        "con.py",
        " .py",
        "x.PY",
        "script",
        ".py",
        "files-1",
        "ruff.toml",
    ],
)
def test_a_path_of_the_repository_is_only_a_name(tmp_path: Path, path: str) -> None:
    (tmp_path / "above" / "work").mkdir(parents=True)
    assert codes(tmp_path / "above" / "work", SOURCE, path) == FOUND
    assert [p.name for p in tmp_path.rglob("*") if p.is_file() and "work" not in p.parts] == []


@pytest.mark.parametrize(("path", "found"), [("p/__init__.py", []), ("p/x.pyi", []), ("p/y.py", ["F401"])])
def test_a_base_name_that_means_something_is_kept(tmp_path: Path, path: str, found: list[str]) -> None:
    content = b"from a import b\n__all__ = ['b']\n" if not found else b"from a import b\n"
    assert codes(tmp_path, content, path) == found


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("# coding: latin-1\nx = 'é'; assert y\n".encode("latin-1"), (2, 10)),
        ("# coding: shift_jis\nx = '\u3042'; assert y\n".encode("shift_jis"), (2, 10)),
        ("\ufeffx = 'é'; assert y\n".encode(), (1, 10)),
        ("x = '\U0001f600'; assert y\n".encode(), (1, 10)),
        (b"x = 1\r\nassert y\r\n", (2, 1)),
        (b"x = 1\rassert y\r", (2, 1)),
        (b"\x0cx = 1\n\x0cassert y\n", (2, 2)),
        ("x = '\u2028'\nassert y\n".encode(), (2, 1)),
    ],
)
def test_places_are_lines_and_characters_in_any_encoding(
    tmp_path: Path, content: bytes, place: tuple[int, int]
) -> None:
    diagnostics, broken = run(tmp_path, {"a.py": content})
    assert not broken
    assert [(d.line, d.column) for d in diagnostics if d.code == "S101"] == [place]


@pytest.mark.parametrize("content", [b"x = (\n", b"\0", b"\xff\xfe\0", b"", b"<<<<<<< HEAD\n", b"\xff"])
def test_what_does_not_parse_is_said_elsewhere(tmp_path: Path, content: bytes) -> None:
    diagnostics, broken = run(tmp_path, {"a.py": content, "b.py": b"assert 1\n"})
    assert [(d.file, d.code) for d in diagnostics] == [("b.py", "S101")]
    assert not broken


DEEP = {
    "attributes": b"x = a" + b".b" * 100_000 + b"\n",
    "minus": b"x = " + b"-" * 200_000 + b"1\n",
    "sum": b"x = 1" + b"+1" * 100_000 + b"\n",
}


@pytest.mark.parametrize("name", DEEP)
def test_a_file_that_breaks_ruff_is_found_among_others(tmp_path: Path, name: str) -> None:
    contents = {f"{number}.py": b"assert 1\n" for number in range(5)}
    diagnostics, broken = run(tmp_path, contents | {"deep.py": DEEP[name], "last.py": b"assert 1\n"})
    assert broken == {"deep.py": "ruff broke down on it (SIGABRT)"}
    assert sorted(d.file for d in diagnostics) == [*sorted(contents), "last.py"]


def test_files_to_skip_are_not_tried_again(tmp_path: Path) -> None:
    contents = {"a.py": b"assert 1\n", "deep.py": DEEP["minus"], "b.py": b"assert 1\n"}
    started = ruff.Run(tmp_path, contents, (3, 12))
    diagnostics, broken = started.diagnostics(skip={"deep.py"})
    assert (sorted(d.file for d in diagnostics), broken) == (["a.py", "b.py"], {})


def test_a_file_that_keeps_ruff_busy_costs_itself_only(tmp_path: Path) -> None:
    slow = b"x = " + b"lambda: " * 100_000 + b"1\n"
    contents = {"a.py": b"assert 1\n", "slow.py": slow, "b.py": b"assert 1\n"}
    started = ruff.Run(tmp_path, contents, (3, 12), seconds=10)
    try:
        diagnostics, broken = started.diagnostics(skip={"slow.py"})
    finally:
        started.stop()
    assert sorted(d.file for d in diagnostics) == ["a.py", "b.py"]
    assert not broken


@pytest.mark.parametrize("count", [1, 4])
def test_out_of_time(tmp_path: Path, count: int) -> None:
    contents = {f"{number}.py": b"assert x\n" * 20_000 for number in range(count)}
    began = time.monotonic()
    diagnostics, broken = run(tmp_path, contents, seconds=0.01)
    assert not diagnostics
    assert set(broken) == set(contents)
    assert all(why.startswith("ruff took too long on") for why in broken.values())
    assert time.monotonic() - began < 10


def test_findings_of_a_file_are_bounded(tmp_path: Path) -> None:
    content = b"assert 1\n" * (ruff.MOST + 7)
    diagnostics, broken = run(tmp_path, {"many.py": content, "few.py": b"assert 1\n"})
    assert len(diagnostics) == ruff.MOST + 1
    assert broken == {"many.py": f"ruff finds {ruff.MOST + 7:,} faults: {ruff.MOST:,} are taken"}


@pytest.mark.parametrize("python", [(3, 14), (3, 99), (2, 7), (3, 0), (4, 0), (3, 8)])
def test_any_version_of_python_may_be_declared(tmp_path: Path, python: tuple[int, int]) -> None:
    diagnostics, broken = ruff.Run(tmp_path, {"a.py": b"x = 1\n"}, python).diagnostics()
    assert not diagnostics
    assert not broken


FIXES = [
    (b"x = f'a'\n", "F541", True),
    (b"raise NotImplemented\n", "F901", True),
    (b"getattr(x, 'y')\n", "B009", False),
    (b"import os\n", "F401", False),
    (b"assert 1\n", "S101", False),
]


@pytest.mark.parametrize(("content", "code", "taken"), FIXES)
def test_only_chosen_fixes_are_taken(tmp_path: Path, content: bytes, code: str, taken: bool) -> None:
    (diagnostic,) = (d for d in run(tmp_path, {"a.py": content})[0] if d.code == code)
    assert bool(diagnostic.fix) is taken
    for edit in diagnostic.fix:
        assert (1, 1) <= (edit.line, edit.column) <= (edit.end_line, edit.end_column)


def test_stopping_ends_it_and_twice_does_no_harm(tmp_path: Path) -> None:
    started = ruff.Run(tmp_path, {"a.py": b"assert x\n" * 50_000}, (3, 12))
    started.stop()
    started.stop()
    assert started._process.returncode is not None


def refused(program: str) -> str:
    """What is refused in an interpreter of its own, after `program` has run there."""
    code = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
{program}
import pathlib, tempfile
from checks.debugging.tools.ruff import Run
from checks.model.errors import Refusal
folder = tempfile.mkdtemp()
try:
    Run(pathlib.Path(folder), {{'a.py': b'x'}}, (3, 12))
except Refusal as refusal:
    print(refusal)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("sys.modules['ruff'] = None", "ruff is not installed.  Install selfmod again"),
        ("import ruff; del ruff.find_ruff_bin", "ruff is not installed.  Install selfmod again"),
        (
            "import ruff; ruff.find_ruff_bin = lambda: '/etc/passwd'",
            "ruff cannot be run: /etc/passwd: Permission denied.",
        ),
        ("import ruff; ruff.find_ruff_bin = lambda: '/no/ruff'", "ruff cannot be run: /no/ruff: No such file"),
    ],
)
def test_without_ruff_there_is_no_review(program: str, said: str) -> None:
    assert refused(program).startswith(said)


def test_a_folder_that_is_full_or_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"cannot be written to: No such file or directory\.  Free space there"):
        ruff.Run(tmp_path / "gone", {"a.py": b""}, (3, 12))


def test_the_executable_is_one() -> None:
    assert os.access(ruff.executable(), os.X_OK)
