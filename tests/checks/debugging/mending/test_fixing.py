"""Fixes that are proven: what spoils a file is found and left out, the others stay."""

import json
import subprocess
import sys
from textwrap import dedent

import pytest

import checks.debugging.tools.bandit  # noqa: F401  # workers are forked: this spares each of them the import
from checks.debugging.detect import detect
from checks.debugging.mending.fixing import Fixed, Fixing
from checks.debugging.source.module import Surroundings
from tests.commands import ROOT

AROUND = Surroundings(python=(3, 12))
MUTABLE = "mutable-default-argument"

GOOD = "def good{0}(a=[]):\n    return a\n\n\n"
SPOILT = """\
def bad(a=["/tmp/x"]):  # selfmod: ignore[B108] made for it
    return a


"""
"""The fix moves the folder's name to a line of its own, away from the comment that answers for it."""


def fixed(**sources: str) -> Fixed:
    contents = {f"{name}.py": source.encode() for name, source in sources.items()}
    results = detect(contents, AROUND, workers=1)
    fixing = Fixing(contents, results, AROUND, workers=1)
    return fixing.fix([finding for result in results.values() for finding in result.findings])


def states(result: Fixed) -> list[tuple[str, int, str, str]]:
    return [(o.finding.file, o.finding.line, o.finding.rule, o.state) for o in result.outcomes]


def test_every_finding_has_an_outcome_and_unchanged_files_are_not_there() -> None:
    result = fixed(a=GOOD.format(""), b="x = eval(y)\n", c="")
    assert ("a.py", 1, MUTABLE, "fixed") in states(result)
    assert all(state == "left" for file, _, _, state in states(result) if file == "b.py")
    assert set(result.after) == {"a.py"}
    assert all(outcome.why for outcome in result.outcomes if outcome.state == "left")


def test_what_becomes_fixable_by_another_fix_is_fixed_in_the_same_run() -> None:
    source = "def f(p, q):\n    for a, b in zip(open(p), open(q)):\n        print(a, b)\n"
    result = fixed(a=source)
    rule = "file-never-closed"
    assert [row for row in states(result) if row[2] == rule] == [("a.py", 2, rule, "fixed")] * 2
    again = fixed(a=result.after["a.py"].decode())
    assert not again.after
    assert rule not in {row[2] for row in states(again)}


def test_what_no_other_fix_helps_keeps_its_own_reason() -> None:
    source = (
        "def f(p, q):\n    open(p).read()\n    return open(q)\n\n\ndef g(p):\n    x = [open(p)]\n    x.pop().read()\n"
    )
    outcomes = fixed(a=source).outcomes
    assert all(o.why and o.why == o.finding.left for o in outcomes if o.state == "left" and o.finding.left)


def test_a_fix_that_brings_a_finding_is_refused_and_the_others_stay() -> None:
    source = GOOD.format(1) + SPOILT + GOOD.format(2) + GOOD.format(3)
    result = fixed(a=source, b=GOOD.format(""))
    ours = [row for row in states(result) if row[2] == MUTABLE]
    assert ours == [
        ("a.py", 1, MUTABLE, "fixed"),
        ("a.py", 5, MUTABLE, "refused"),
        ("a.py", 9, MUTABLE, "fixed"),
        ("a.py", 13, MUTABLE, "fixed"),
        ("b.py", 1, MUTABLE, "fixed"),
    ]
    refused = next(outcome for outcome in result.outcomes if outcome.state == "refused")
    assert refused.stage == "detectors"
    assert "would have a new finding" in refused.why
    assert SPOILT.encode() in result.after["a.py"]
    assert result.after["a.py"].count(b"=None") == 3


def test_a_file_whose_every_fix_is_refused_is_not_changed() -> None:
    result = fixed(a=SPOILT)
    assert [state for *_, state in states(result)] == ["refused"]
    assert result.after == {}


def test_a_suppressed_finding_is_not_fixed() -> None:
    result = fixed(a=f"def f(a=[]):  # selfmod: ignore[{MUTABLE}] a memo\n    return a\n")
    assert result.outcomes == () and result.after == {}


def test_fixes_of_ruff_and_of_ours_on_one_line() -> None:
    result = fixed(a="def f(a=[], b=1 is 2):\n    return a, b\n")
    assert {(rule, state) for _, _, rule, state in states(result)} == {(MUTABLE, "fixed"), ("F632", "fixed")}
    assert result.after["a.py"] == b"def f(a=None, b=1 == 2):\n    if a is None:\n        a = []\n    return a, b\n"


# A rule is put among the others in a process of its own: its workers are forked from there and know it too.
INJECTED = """
import ast, base64, json, sys
from checks.debugging import analyse
from checks.debugging.mending import fixing, mend
from checks.debugging.detect import detect
from checks.debugging.rule import Fault, Rule
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Surroundings
from checks.model.findings import Confidence, Severity

AFTER = json.loads(sys.argv[1])

def detect_old(node, module):
    if isinstance(node.func, ast.Name) and node.func.id == "old":
        start, end = module.span(node)
        yield Fault(node, "old", lambda: Fix((Edit(start, end, AFTER),)))

rule = Rule("old-call", "t", "s", Severity.LOW, Confidence.HIGH, None, (ast.Call,), detect_old, "", "always")
analyse.RULES = (*analyse.RULES, rule)
mend.BY_NAME["old-call"] = rule
contents = {"a.py": sys.argv[2].encode()}
around = Surroundings(python=(3, 12))
results = detect(contents, around, workers=1)
wanted = [f for f in results["a.py"].findings if f.rule in ("old-call", "mutable-default-argument")]
result = fixing.Fixing(contents, results, around, workers=1).fix(wanted)
rows = [[o.finding.rule, o.state, o.stage, o.why] for o in result.outcomes]
print(json.dumps([rows, result.after.get("a.py", b"").decode()]))
"""


@pytest.mark.parametrize(
    ("after", "stage", "why"),
    [
        ("1 +", "syntax", "invalid syntax"),
        ("undefined_name", "imports", "would name what nothing defines"),
        ("old (1)", "detectors", "old-call is still found after the fix"),
        ("eval(input())", "detectors", "would have a new finding"),
    ],
)
def test_what_a_stage_refuses(after: str, stage: str, why: str) -> None:
    source = GOOD.format("") + "def old(x):\n    return x\n\n\nvalue = old(1)  # so\n"
    rows, text = injected(after, source)
    assert rows[0] == [MUTABLE, "fixed", "", ""]
    assert rows[1][:3] == ["old-call", "refused", stage]
    assert why in rows[1][3]
    assert text.startswith("def good(a=None):\n") and text.endswith("value = old(1)  # so\n")


def test_a_fix_that_loses_a_comment_is_refused() -> None:
    source = "def old(x):\n    return x\n\n\nvalue = old(\n    1,  # why\n)\n"
    rows, text = injected("1", source)
    assert rows == [["old-call", "refused", "comments", "the comment '# why' would be lost"]]
    assert text == ""


def injected(after: str, source: str) -> tuple[list[list[str]], str]:
    ran = subprocess.run(
        [sys.executable, "-c", dedent(INJECTED), json.dumps(after), source],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    rows, text = json.loads(ran.stdout)
    return rows, text


@pytest.mark.parametrize(
    ("test", "state"),
    [
        (b"monkeypatch.setattr('package.tokens.choice', lambda many: many[0])\n", "refused"),
        (b"from package.tokens import choice\nchoice\n", "refused"),
        (b"from package.tokens import token\ntoken\n", "fixed"),
    ],
)
def test_an_import_that_another_file_uses_or_replaces_is_not_taken_away(test: bytes, state: str) -> None:
    source = b"from random import choice\n\n\ndef token():\n    return ''.join(choice('abc') for _ in range(32))\n"
    contents = {"package/tokens.py": source}
    results = detect(contents, AROUND, workers=1)
    fixing = Fixing(contents, results, AROUND, workers=1, around=lambda: contents | {"tests/test_tokens.py": test})
    (finding,) = [f for f in results["package/tokens.py"].findings if f.rule == "insecure-random-for-secret"]
    (outcome,) = fixing.fix([finding]).outcomes
    assert outcome.state == state
    if state == "refused":
        assert (outcome.stage, outcome.why) == (
            "imports",
            "'choice' would be gone, which tests/test_tokens.py uses from here",
        )
