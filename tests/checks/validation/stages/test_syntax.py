import itertools
import tempfile
from pathlib import Path

import pytest

from checks.debugging.tools import ruff
from checks.model.findings import Severity
from checks.model.verdicts import State
from checks.repository.declarations.pythons import KNOWN
from checks.validation.asked import Asked
from checks.validation.stages.syntax import run
from tests.changes import made

WALRUS = "if (n := 1):\n    pass\n"
MATCH = "match x:\n    case 1:\n        pass\n"
CONFLICT = "a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> other\n"
OLD: dict[str, str | bytes] = {"pyproject.toml": "[project]\nname='x'\nrequires-python='>=3.8'\n"}
NEW: dict[str, str | bytes] = {"pyproject.toml": "[project]\nname='x'\nrequires-python='>=3.13'\n"}

FAILS: list[tuple[dict[str, str | bytes], dict[str, str | bytes], str, int]] = [
    ({}, {"a.py": "def f(:\n"}, "syntax-error", 1),
    ({"a.py": "x = 1\n"}, {"a.py": "x = (1\n"}, "syntax-error", 1),
    ({}, {"a.py": "x = 1\nreturn x\n"}, "syntax-error", 2),
    ({}, {"a.py": "def f(a, a): ...\n"}, "syntax-error", 1),
    ({}, {"a.py": "def f():\n    nonlocal x\n"}, "syntax-error", 2),
    ({}, {"a.py": "for x in y:\n    def f():\n        break\n"}, "syntax-error", 3),
    ({}, {"a.py": "def f():\n    await x\n"}, "syntax-error", 2),
    ({}, {"a.py": "x = 1\nfrom __future__ import annotations\n"}, "syntax-error", 2),
    ({}, {"a.py": "print 'x'\n"}, "syntax-error", 1),
    (OLD, {**OLD, "a.py": MATCH}, "syntax-error", 1),
    (OLD, {**OLD, "a.py": "try:\n    pass\nexcept* A:\n    pass\n"}, "syntax-error", 3),
    (OLD, {**OLD, "a.py": "with (open(a) as x, open(b) as y):\n    pass\n"}, "syntax-error", 1),
    (OLD, {**OLD, "a.py": "type X = int\n"}, "syntax-error", 1),
    ({}, {"a.py": "x = f'{a['b']}'\n"}, "syntax-error", 1),
    ({"requires.txt": ""}, {"setup.cfg": "[options]\npython_requires = >=3.7\n", "a.py": WALRUS}, "syntax-error", 1),
    ({}, {"a.py": b"x = 1\0\n"}, "encoding", 1),
    ({}, {"a.py": b"x = 1\ny = '\xff'\n"}, "encoding", 2),
    ({}, {"a.py": b"# coding: nonsense\n"}, "encoding", 1),
    ({}, {"a.py": b"x = '\xed\xa0\x80'\n"}, "encoding", 1),
    ({}, {"tool": "#!/usr/bin/env python3\nx = (\n"}, "syntax-error", 2),
    ({}, {"a.pyi": "def f(\n"}, "syntax-error", 1),
    ({}, {"tests/test_a.py": "def f(\n"}, "syntax-error", 1),
    ({}, {"a.py": CONFLICT}, "conflict-marker", 2),
    ({}, {"a.txt": CONFLICT}, "conflict-marker", 2),
    ({}, {"a.toml": CONFLICT}, "conflict-marker", 2),
    ({}, {"README.md": "Title\n=======\n" + CONFLICT}, "conflict-marker", 4),
    ({}, {"a.json": "{,}"}, "malformed-data", 1),
    ({"a.json": "{}"}, {"a.json": "{'a'}"}, "malformed-data", 1),
    ({}, {"a.toml": "x = \n"}, "malformed-data", 1),
    ({}, {".github/workflows/ci.yml": "a: b: c\n"}, "malformed-data", 1),
    ({"tests/test_a.py": "x=1\n"}, {"tests/test_a.py": "x=\n"}, "syntax-error", 1),
]
PASSES: list[tuple[dict[str, str | bytes], dict[str, str | bytes]]] = [
    ({}, {}),
    ({}, {"a.py": "x = 1\n"}),
    ({}, {"a.py": MATCH}),
    (NEW, {**NEW, "a.py": "type X = int\nx = f'{a['b']}'\ntry:\n    pass\nexcept* A:\n    pass\n"}),
    (OLD, {**NEW, "a.py": MATCH}),
    (OLD, {**OLD, "a.py": WALRUS}),
    (
        {},
        {"pyproject.toml": "[project]\nrequires-python='>=3.14'\n", "a.py": "try:\n    pass\nexcept A, B:\n    pass\n"},
    ),
    ({}, {"a.py": b"# coding: latin-1\nx = '\xff'\n"}),
    ({}, {"a.py": "x = '\\ud800'\n"}),
    ({}, {"a.py": "\ufeffx = 1\r\ny = 2\r\n"}),
    ({}, {"a.py": "x = '\\d'\nassert (1, 'x')\n"}),
    ({}, {"a.py": f"x = '''\n{CONFLICT}'''\n"}),
    ({}, {"README.md": f"```\n{CONFLICT}```\n"}),
    ({}, {"README.rst": "Title\n=======\n\nText\n=======\n"}),
    ({"a.py": "def f(:\n"}, {"a.py": "def f(:\n# more\n"}),
    ({"a.json": "{,}"}, {"a.json": "{,,}"}),
    ({"a.txt": CONFLICT}, {"a.txt": CONFLICT + "more\n"}),
    ({**OLD, "a.py": MATCH}, {**OLD, "a.py": MATCH + "x = 1\n"}),
    ({"a.py": "def f(:\n"}, {}),
    ({}, {"tests/data/broken.py": "def f(:\n"}),
    ({}, {"tests/data/broken.json": "{"}),
    ({}, {"templates/a.json": '{"a": {{ b }}}'}),
    ({}, {"chart/values.yaml": "a: {{ .Values.b }}\n"}),
    ({}, {"{{cookiecutter.x}}/a.py": "import {{cookiecutter.x}}\n"}),
    ({}, {"tsconfig.json": "// why\n{}"}),
    ({}, {"a.yml": "a: !Ref b\n---\nc: 1\n"}),
    ({}, {"a.bin": b"\0\1<<<<<<< a\n=======\n>>>>>>> b\n"}),
    ({}, {"tool": "#!/usr/bin/env python2\nprint 'x'\n"}),
    ({}, {"script.sh": "#!/bin/sh\ndef f(:\n"}),
    ({}, {"a.json5": "{a: 1}"}),
    ({}, {"a.py": ""}),
    ({}, {"a.ipynb": '{"cells": [], "nbformat": 4}'}),
]


@pytest.mark.parametrize(("base", "head", "rule", "line"), FAILS)
def test_what_fails(base: dict[str, str | bytes], head: dict[str, str | bytes], rule: str, line: int) -> None:
    result = run(made(base, head), Asked())
    assert result.state is State.FAILED
    worst = [f for f in result.findings if f.severity is Severity.HIGH]
    assert [(f.rule, f.line) for f in worst] == [(rule, line)]
    assert worst[0].file in result.reason
    assert worst[0].fingerprint


@pytest.mark.parametrize(("base", "head"), PASSES)
def test_what_passes(base: dict[str, str | bytes], head: dict[str, str | bytes]) -> None:
    result = run(made(base, head), Asked())
    assert (result.state, result.reason) == (State.PASSED, "")
    assert all(f.severity is Severity.LOW for f in result.findings)


def test_a_renamed_file_is_compared_with_what_it_was() -> None:
    change = made({"a.py": "def f(:\n"}, {"b.py": "def f(:\n"}, {"b.py": "a.py"})
    assert run(change, Asked()).state is State.PASSED


def test_excluded_files_are_left_alone() -> None:
    assert run(made({}, {"gen/a.py": "def f(:\n"}), Asked(exclude=("gen/",))).state is State.PASSED


def test_facts() -> None:
    result = run(made({}, {**OLD, "a.py": "", "b.py": "", "c.yml": "", "d.md": ""}), Asked())
    assert result.facts == {"python": "3.8 to 3.14", "files": "2 Python, 1 TOML, 1 YAML, 1 other"}


HOSTILE: list[tuple[str, bytes]] = [
    ("a.py", b"(" * 100_000),
    ("a.py", b"x = " + b"-" * 200_000 + b"1\n"),
    ("a.py", b"x = " + b"[" * 250 + b"]" * 250 + b"\n"),
    ("a.json", b"[" * 500_000),
    ("a.yml", b"[" * 20_000),
    ("a.toml", b"x = " + b"[" * 50_000),
]


@pytest.mark.parametrize(("path", "content"), HOSTILE)
def test_hostile_files_fail_with_a_reason_and_cost_the_others_nothing(path: str, content: bytes) -> None:
    result = run(made({}, {path: content, "good.py": "x = 1\n"}), Asked())
    assert result.state is State.FAILED
    assert {f.file for f in result.findings} == {path}


def test_a_bomb_of_aliases_is_well_formed() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert run(made({}, {"a.yml": "\n".join(lines)}), Asked()).state is State.PASSED


SNIPPETS = [
    WALRUS,
    MATCH,
    "def f(a, /): ...\n",
    "f((a)=1)\n",
    "with (a as b, c as d): ...\n",
    "try: ...\nexcept* A: ...\n",
    "type X = int\n",
    "def f[T](): ...\n",
    "class C[T = int]: ...\n",
    "x = f'{a['b']}'\n",
    "x = t'{a}'\n",
    "try: ...\nexcept A, B: ...\n",
    "@a[0].b\ndef f(): ...\n",
    "x[*y]\n",
    "def f(*args: *T): ...\n",
    "for x in *a, *b: ...\n",
    "def f():\n    return *a, b\n",
    "async def f():\n    return [[x async for x in y] for z in w]\n",
    "x = {**a, 'b': 1}\n",
    "del (a), b\n",
    "try:\n    pass\nfinally:\n    return\n",
    "x = [*a for a in b]\n",
]


@pytest.fixture(scope="module")
def said() -> dict[tuple[int, int], set[tuple[str, str]]]:
    """What ruff says of every snippet for every Python: (file, kind of feature)."""
    found = {}
    contents = {f"{number}.py": text.encode() for number, text in enumerate(SNIPPETS)}
    for version in KNOWN:
        with tempfile.TemporaryDirectory() as folder:
            diagnostics, broken = ruff.Run(Path(folder), contents, version, select=ruff.SYNTAX).diagnostics()
        assert not broken
        found[version] = {(d.file, d.message.partition(" on Python")[0]) for d in diagnostics}
    return found


def test_the_lowest_and_the_highest_python_tell_of_all_between(
    said: dict[tuple[int, int], set[tuple[str, str]]],
) -> None:
    for low, middle, high in itertools.combinations(KNOWN, 3):
        assert said[middle] <= said[low] | said[high]
    assert len(said[KNOWN[0]]) > 15
    assert said[KNOWN[-1]] - said[KNOWN[0]]
