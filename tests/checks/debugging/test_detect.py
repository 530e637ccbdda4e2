import contextlib
import json
import sqlite3
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.debugging.cache import Cache
from checks.debugging.detect import LIMIT, Result, detect
from checks.debugging.source.module import Surroundings
from checks.model.findings import Finding

AROUND = Surroundings(python=(3, 12))
SHELL = b"import subprocess\nsubprocess.run(x, shell=True)\n"


def found(source: str | bytes, path: str = "package/module.py") -> tuple[Finding, ...]:
    result = detect({path: source if isinstance(source, bytes) else source.encode()}, AROUND, workers=1)[path]
    assert not result.not_analysed
    return result.findings


def of(findings: tuple[Finding, ...], code: str) -> list[Finding]:
    """Those that stand for a tool's code, whoever reports them."""
    return [finding for finding in findings if code in (finding.rule, *finding.aliases)]


def one(source: str, code: str) -> Finding:
    (finding,) = of(found(source), code)
    return finding


def test_all_detectors_agree_on_one_finding() -> None:
    (finding,) = of(found(SHELL), "B602")
    assert {"bandit", "ruff"} <= set(finding.tools)
    assert "S602" in (finding.rule, *finding.aliases)
    assert (finding.file, finding.line, finding.column, finding.cwe) == ("package/module.py", 2, 1, 78)
    assert finding.text == "subprocess.run(x, shell=True)"


def test_every_file_has_a_result_in_the_order_given() -> None:
    contents = {"b.py": b"", "a.py": SHELL, "c.py": b"(", "d/e.py": b"x" * (LIMIT + 1)}
    results = detect(contents, AROUND, workers=2)
    assert list(results) == list(contents)
    assert results["b.py"] == Result(())
    assert [note.file for result in results.values() for note in result.not_analysed] == ["c.py", "d/e.py"]
    assert detect({}, AROUND) == {}


def test_the_order_of_the_files_does_not_matter() -> None:
    contents = {f"{name}/m.py": SHELL + b"assert x\n" * number for number, name in enumerate("abcdef")}
    backwards = dict(reversed(contents.items()))
    assert detect(contents, AROUND, workers=2) == detect(backwards, AROUND, workers=1)


def test_progress_counts_every_file_once() -> None:
    seen: list[tuple[int, int]] = []
    contents = {f"{number}.py": b"x = 1\n" for number in range(5)} | {"large.py": b"#" * (LIMIT + 1)}
    detect(contents, AROUND, workers=2, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 6)
    assert seen[-1] == (6, 6)
    assert seen == sorted(seen)


def test_suppressions_count() -> None:
    result = detect({"a.py": b"eval(x)  # selfmod: ignore[B307, F821] trusted\n"}, AROUND, workers=1)["a.py"]
    assert (result.findings, result.suppressed) == ((), 2)


# Cached and not


LINES = [
    "import subprocess",
    "subprocess.run(x, shell=True)",
    "assert x  # nosec",
    "eval(x)  # selfmod: ignore[B307] why",
    "# selfmod: ignore[nothing-like-that]",
    "def f(a=[]): return a",
    "x = 'é'; password = 'secret'",
    "try: x\nexcept: pass",
    "(",
    "",
]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(LINES), max_size=6).map("\n".join), min_size=1, max_size=4))
def test_cached_is_the_same_as_fresh(tmp_path: Path, sources: list[str]) -> None:
    contents = {f"{number}.py": source.encode() for number, source in enumerate(sources)}
    fresh = detect(contents, AROUND, workers=2)
    store = Cache(tmp_path)
    assert detect(contents, AROUND, cache=store, workers=2) == fresh
    assert detect(contents, AROUND, cache=store, workers=2) == fresh
    store.close()


def cached(place: Path, contents: dict[str, bytes], around: Surroundings = AROUND) -> tuple[dict[str, Result], int]:
    """The results, and how many of them were in the cache."""
    store = Cache(place)
    known: list[int] = []
    results = detect(contents, around, cache=store, workers=1, progress=lambda done, total: known.append(done))
    store.close()
    return results, known[0]


def test_a_result_is_of_its_path_content_and_surroundings(tmp_path: Path) -> None:
    contents = {"a.py": SHELL}
    assert cached(tmp_path, contents)[1] == 0
    assert cached(tmp_path, contents)[1] == 1
    assert cached(tmp_path, {"b.py": SHELL})[1] == 0
    assert cached(tmp_path, {"a.py": SHELL + b"\n"})[1] == 0
    assert cached(tmp_path, contents, replace(AROUND, python=(3, 9)))[1] == 0
    assert cached(tmp_path, contents, replace(AROUND, distributions=frozenset({"requests"})))[1] == 0
    assert cached(tmp_path, contents, replace(AROUND, own=frozenset({"subprocess"})))[1] == 0
    assert cached(tmp_path, contents | {"c.py": b""})[1] == 1


GOOD = asdict(
    Finding("a.py", 1, 1, 1, 2, "r", *("low", "low"), "m", None, "bandit", ("bandit",), False)  # type: ignore[arg-type]  # as stored
) | {"tools": ["bandit"], "aliases": []}

POISON: list[Any] = [
    None,
    7,
    "text",
    [],
    {},
    {"findings": []},
    {"findings": None, "not_analysed": [], "suppressed": 0},
    {"findings": "x", "not_analysed": [], "suppressed": 0},
    {"findings": [], "not_analysed": [7], "suppressed": 0},
    {"findings": [], "not_analysed": {}, "suppressed": "0"},
    {"findings": [], "not_analysed": [], "suppressed": True},
    {"findings": [[]], "not_analysed": [], "suppressed": 0},
    *[
        {"findings": [GOOD | change], "not_analysed": [], "suppressed": 0}
        for change in (
            {"file": "b.py"},
            {"file": "../../etc/passwd"},
            {"line": "1"},
            {"line": 0},
            {"line": True},
            {"line": 1.0},
            {"column": -5},
            {"severity": "dreadful"},
            {"severity": None},
            {"tools": "bandit"},
            {"tools": [7]},
            {"aliases": [["x"]]},
            {"cwe": "78"},
            {"fixable": 1},
            {"message": None},
            {"extra": 1},
        )
    ],
    {"findings": [{k: v for k, v in GOOD.items() if k != "rule"}], "not_analysed": [], "suppressed": 0},
]


@pytest.mark.parametrize("value", POISON, ids=range(len(POISON)))
def test_what_we_did_not_write_is_analysed_again(tmp_path: Path, value: Any) -> None:
    fresh, _ = cached(tmp_path, {"a.py": SHELL})
    with contextlib.closing(sqlite3.connect(tmp_path / "findings.sqlite")) as database, database:
        database.execute("UPDATE results SET value = ?", (json.dumps(value),))
    assert cached(tmp_path, {"a.py": SHELL}) == (fresh, 0)
    assert cached(tmp_path, {"a.py": SHELL}) == (fresh, 1), "the bad value was not replaced"


def test_the_good_value_is_taken(tmp_path: Path) -> None:
    """The table above changes one thing each in a value that would be believed."""
    cached(tmp_path, {"a.py": SHELL})
    value = {"findings": [GOOD], "not_analysed": ["why"], "suppressed": 3}
    with contextlib.closing(sqlite3.connect(tmp_path / "findings.sqlite")) as database, database:
        database.execute("UPDATE results SET value = ?", (json.dumps(value),))
    results, known = cached(tmp_path, {"a.py": SHELL})
    assert known == 1
    assert [f.message for f in results["a.py"].findings] == ["m"]


@pytest.mark.parametrize("content", [b"(", b"#" * (LIMIT + 1), b"x = " + b"+".join([b"y"] * 900) + b"\n", b"x = 1\0"])
def test_what_would_be_the_same_again_is_kept(tmp_path: Path, content: bytes) -> None:
    first, known = cached(tmp_path, {"a.py": content})
    assert known == 0
    assert cached(tmp_path, {"a.py": content}) == (first, 1)


@pytest.mark.complete
def test_what_went_wrong_for_want_of_time_is_tried_again(tmp_path: Path) -> None:
    """bandit's expression for SQL takes hours on this."""
    content = b"eval(x)\nx = '" + b"select " * 100_000 + b"' + y\n"
    results, _ = cached(tmp_path, {"a.py": content, "b.py": b""})
    (note,) = results["a.py"].not_analysed
    assert note.reason in (
        "bandit failed (TimeoutError: bandit took more than 10 s): our own rules and ruff looked at it",
        "its analysis took more than 30 s",  # on a machine that has much else to do
    )
    with contextlib.closing(sqlite3.connect(tmp_path / "findings.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM results").fetchall() == [(1,)]


# Fingerprints


CODE = "import subprocess\n\n\ndef f(x):\n    subprocess.run(x, shell=True)\n"
BASE = "    subprocess.run(x, shell=True)"

SAME = {
    "lines above": "'''doc'''\n\nimport os\n" + CODE + "\nos\n",
    "comments above": CODE.replace("def", "# what it does\ndef").replace(BASE, f"    # why\n{BASE}"),
    "a comment behind": CODE.replace(BASE, f"{BASE}  # careful"),
    "more blanks behind": CODE.replace(BASE, f"{BASE}   "),
    "deeper in the same function": CODE.replace(BASE, f"    if x:\n    {BASE}"),
    "tabs": CODE.replace("    ", "\t"),
    "CR LF": CODE.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + CODE,
}
OTHER = {
    "the statement": CODE.replace("run(x", "run(x + x"),
    "the function's name": CODE.replace("def f", "def g"),
    "in a class": CODE.replace("def f(x):\n", "class C:\n  def f(x):\n"),
}


@pytest.mark.parametrize("name", SAME)
def test_a_fingerprint_survives(name: str) -> None:
    assert one(SAME[name], "B602").fingerprint == one(CODE, "B602").fingerprint


@pytest.mark.parametrize("name", OTHER)
def test_a_fingerprint_changes_with(name: str) -> None:
    assert one(OTHER[name], "B602").fingerprint != one(CODE, "B602").fingerprint


def test_equal_faults_are_told_apart() -> None:
    findings = of(found(CODE + BASE + "\n" + BASE + ";" + BASE + "\n"), "B602")
    assert len(findings) == len({finding.fingerprint for finding in findings}) == 4


def test_the_path_is_part_of_it() -> None:
    assert found(CODE, "a.py")[0].fingerprint != found(CODE, "b.py")[0].fingerprint


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    def interrupted(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        detect({"a.py": SHELL, "b.py": SHELL}, AROUND, progress=interrupted)
    assert list(tmp_path.iterdir()) == []
