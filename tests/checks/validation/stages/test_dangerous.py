"""What a change adds, not what it moves; and whom a pattern fails."""

from collections.abc import Mapping

import pytest

from checks.model.findings import Severity
from checks.model.safety import Proposer
from checks.model.verdicts import StageResult, State
from checks.repository.change import Touched
from checks.validation.asked import Asked
from checks.validation.patterns.table import PATTERNS, Fails
from checks.validation.stages import dangerous
from tests.changes import made

EVAL = "def f(x):\n    return eval(x)\n"
SHELL = "import os\n\n\ndef g(x):\n    os.system(x)\n"
GET = "import requests\n\n\ndef h(u):\n    return requests.get(u, timeout=3)\n"
HIDDEN = "import base64\n\n\ndef k(x):\n    exec(base64.b64decode(x))\n"
BIDI = "x = 'a\u202eb'\n"


def _run(
    base: Mapping[str, str | bytes],
    head: Mapping[str, str | bytes],
    proposer: Proposer = Proposer.PERSON,
    renamed: Mapping[str, str] | None = None,
    *more: Touched,
) -> StageResult:
    return dangerous.run(made(base, head, renamed, *more), Asked(proposer=proposer))


@pytest.mark.parametrize(
    ("base", "head", "renamed", "lines"),
    [
        ({}, {"a.py": EVAL}, {}, [("a.py", 2)]),
        ({"a.py": EVAL}, {"a.py": "#\n\n" + EVAL}, {}, []),
        ({"a.py": EVAL}, {"b.py": EVAL}, {"b.py": "a.py"}, []),
        ({"a.py": EVAL, "b.py": "y = 1\n"}, {"a.py": "", "b.py": "y = 1\n" + EVAL}, {}, []),
        ({"a.py": EVAL}, {"b.py": EVAL}, {}, []),
        ({"a.py": EVAL}, {"a.py": EVAL.replace("def f", "def other")}, {}, []),
        ({"a.py": EVAL}, {"a.py": EVAL.replace("eval(x)", "eval( x )")}, {}, []),
        (
            {"a.py": EVAL},
            {"a.py": "if 1:\n" + EVAL.replace("def", "    def").replace("    ret", "        ret")},
            {},
            [],
        ),
        ({"a.py": EVAL}, {"a.py": EVAL + "\n" + EVAL.replace("def f", "def g")}, {}, [("a.py", 5)]),
        ({"a.py": EVAL}, {"a.py": EVAL.replace("def f", "def g") + "\n" + EVAL}, {}, [("a.py", 2)]),
        ({"a.py": EVAL, "b.py": ""}, {"a.py": EVAL, "b.py": EVAL}, {}, [("b.py", 2)]),
        (
            {"a.py": "from json import loads as f\nf(x)\n"},
            {"a.py": "from pickle import loads as f\nf(x)\n"},
            {},
            [("a.py", 2)],
        ),
        ({"a.py": BIDI}, {"a.py": "#\n" + BIDI}, {}, []),
        ({"a.py": BIDI}, {"a.py": BIDI.replace("x", "y")}, {}, [("a.py", 1)]),
        ({"a.py": EVAL}, {}, {}, []),
    ],
)
def test_only_what_is_new_is_found(
    base: dict[str, str], head: dict[str, str], renamed: dict[str, str], lines: list[tuple[str, int]]
) -> None:
    found = _run(base, head, Proposer.PERSON, renamed).findings
    assert [(f.file, f.line) for f in found if not f.message.endswith("before)")] == lines


@pytest.mark.parametrize(
    ("head", "failing"),
    [
        ({"a.py": GET}, set()),
        ({"a.py": "import subprocess\nsubprocess.run(['ls'])\n"}, set()),
        ({"a.py": SHELL}, {Proposer.SELFMOD}),
        ({"a.py": "import pickle\npickle.load(f)\n"}, {Proposer.SELFMOD}),
        ({".github/workflows/ci.yml": "on: push\n"}, {Proposer.SELFMOD}),
        ({"a.py": EVAL}, {Proposer.SELFMOD, Proposer.FORK}),
        ({"x.pth": "import a\n"}, {Proposer.SELFMOD, Proposer.FORK}),
        ({"setup.py": SHELL}, {Proposer.SELFMOD, Proposer.FORK}),
        ({"a.py": HIDDEN}, set(Proposer)),
        ({"a.py": BIDI}, set(Proposer)),
        ({"a.sh": "# \u202e\n"}, set(Proposer)),
        ({"tests/test_a.py": HIDDEN}, set(Proposer)),
        ({"pyproject.toml": "[project]\n"}, set()),
        ({"a.py": "x = 1\n"}, set()),
    ],
)
def test_whom_it_fails(head: dict[str, str], failing: set[Proposer]) -> None:
    results = {proposer: _run({}, head, proposer) for proposer in Proposer}
    assert {proposer for proposer, result in results.items() if result.state is State.FAILED} == failing
    assert all(bool(result.reason) == (proposer in failing) for proposer, result in results.items())
    assert len({len(result.findings) for result in results.values()}) == 1


def test_what_is_edited_is_a_hint_unless_a_fork_does_it() -> None:
    base, head = {"a.py": SHELL}, {"a.py": SHELL.replace("system(x)", "system(x + 'y')")}
    for proposer, state in ((Proposer.SELFMOD, State.PASSED), (Proposer.PERSON, State.PASSED)):
        result = _run(base, head, proposer)
        assert (result.state, [f.severity for f in result.findings]) == (state, [Severity.LOW])
    fork = dangerous.run(
        made({"a.py": EVAL}, {"a.py": EVAL.replace("eval(x)", "eval(x + y)")}), Asked(proposer=Proposer.FORK)
    )
    assert fork.state is State.FAILED


def test_links_and_folders_fail() -> None:
    link = Touched("link", "added", None, None, "120000")
    assert _run({}, {}, Proposer.PERSON, None, link).state is State.FAILED
    asked = Asked(proposer=Proposer.SELFMOD, folders=("src/",))
    assert dangerous.run(made({}, {"src/a.py": "x = 1\n"}), asked).state is State.PASSED
    result = dangerous.run(made({}, {"b.py": "x = 1\n"}), asked)
    assert (result.state, [f.rule for f in result.findings]) == (State.FAILED, ["outside-folders"])
    assert dangerous.run(made({}, {"b.py": "x = 1\n"}), Asked(folders=("src/",))).state is State.PASSED


@pytest.mark.parametrize(
    ("proposer", "state"),
    [(Proposer.PERSON, State.PASSED), (Proposer.FORK, State.FAILED), (Proposer.SELFMOD, State.FAILED)],
)
def test_what_people_exclude_counts_for_people(proposer: Proposer, state: State) -> None:
    change = made({}, {"samples/a.py": HIDDEN})
    assert dangerous.run(change, Asked(proposer=proposer, exclude=("samples/",))).state is state


def test_a_rule_that_is_off_is_off_for_people_but_not_for_what_always_fails() -> None:
    asked = Asked(disable=("dangerous-eval", "dangerous-hidden-code"))
    assert dangerous.run(made({}, {"a.py": EVAL}), asked).findings == ()
    assert dangerous.run(made({}, {"a.py": HIDDEN}), asked).state is State.FAILED


@pytest.mark.parametrize(
    ("base", "head", "state"),
    [
        (None, "x = " + "-" * 100_000 + "1\n", State.FAILED),
        (None, "x = 1\n#\0\n", State.FAILED),
        ("#\0\n", "#\0\n\n", State.PASSED),
        (None, "def (:\n", State.PASSED),
        (None, "x = " + " + ".join(["y"] * 3_000) + "\n", State.PASSED),
        (None, "x = '" + "é" * 900_000 + "'\n", State.PASSED),
        (None, "import os\n" + "os.system(x)\n" * 6_000, State.FAILED),
        (None, "a = " + "f(" * 80 + ")" * 80 + "\n", State.PASSED),
    ],
)
def test_hostile_python_is_told_of(base: str | None, head: str, state: State) -> None:
    result = _run({"a.py": base} if base else {}, {"a.py": head})
    assert result.state is state
    assert ("not analysed: a.py" in result.reason) == (state is State.FAILED)


def test_a_script_without_an_ending_is_python() -> None:
    result = _run({}, {"run": "#!/usr/bin/env python3\nimport base64\nexec(base64.b64decode(x))\n"})
    assert result.state is State.FAILED
    assert _run({}, {"data.bin": b"\0\xff" + "\u202e".encode()}).findings == ()


def test_the_table_says_something_of_everything() -> None:
    assert len({pattern.rule for pattern in PATTERNS}) == len(PATTERNS)
    for pattern in PATTERNS:
        assert pattern.what
        assert pattern.danger
        assert pattern.remedy
        assert not pattern.what.endswith(".")
    assert {pattern.fails for pattern in PATTERNS} == set(Fails)


CALM = "def f(x):\n    return int(x)\n"
CONFIG = ".github/workflows/ci.yml"


@pytest.mark.parametrize(
    ("before", "base", "head", "new", "back"),
    [
        ({"a.py": EVAL}, {"a.py": CALM}, {"a.py": EVAL}, [], ["dangerous-eval"]),
        ({"a.py": EVAL}, {"a.py": "#\n" + CALM}, {"a.py": "#\n" + EVAL}, [], ["dangerous-eval"]),
        ({"a.py": HIDDEN}, {"a.py": CALM}, {"a.py": HIDDEN}, [], ["dangerous-hidden-code"]),
        ({CONFIG: "a: 1\n"}, {CONFIG: "a: 2\n"}, {CONFIG: "a: 1\n"}, [], ["dangerous-workflow"]),
        ({"a.py": CALM}, {"a.py": CALM}, {"a.py": EVAL}, ["dangerous-eval"], []),
        ({"a.py": CALM}, {"a.py": CALM}, {"a.py": HIDDEN}, ["dangerous-hidden-code"], []),
        ({CONFIG: "a: 1\n"}, {CONFIG: "a: 2\n"}, {CONFIG: "a: 3\n"}, ["dangerous-workflow"], []),
        ({"a.py": EVAL}, {"a.py": CALM}, {"a.py": EVAL + SHELL}, ["dangerous-shell"], ["dangerous-eval"]),
        ({"a.py": EVAL, "b.py": ""}, {"a.py": CALM, "b.py": ""}, {"a.py": CALM, "b.py": EVAL}, ["dangerous-eval"], []),
        ({"A.py": "x = 1\n"}, {"a.py": "x = 1\n"}, {"a.py": "x = 1\n", "A.py": "x = 1\n"}, [], []),
    ],
)
def test_what_a_revert_brings_back_is_told_and_does_not_fail(
    before: dict[str, str], base: dict[str, str], head: dict[str, str], new: list[str], back: list[str]
) -> None:
    asked = Asked(proposer=Proposer.SELFMOD, before=made(before, head))
    result = dangerous.run(made(base, head), asked)
    assert [f.rule for f in result.brought_back] == back
    assert [f.rule for f in result.findings if f.rule in result.reason] == new
    assert result.state is (State.FAILED if new else State.PASSED)
    assert all(rule in result.facts["brought back by the revert"] for rule in back)


def test_a_revert_writes_where_selfmod_may() -> None:
    head = {"a.py": EVAL}
    asked = Asked(proposer=Proposer.SELFMOD, folders=("src/**",), before=made(head, head))
    result = dangerous.run(made({"a.py": CALM}, head), asked)
    assert result.state is State.FAILED and result.reason == "1 dangerous addition: outside-folders in a.py:1"
    assert [f.rule for f in result.brought_back] == ["dangerous-eval"]


def test_a_link_out_that_was_in_neither_tree_fails_a_revert() -> None:
    link = Touched("x", "added", None, None, "120000")
    change = made({"a.py": CALM}, {"a.py": EVAL}, None, link)
    back = made({"a.py": EVAL}, {"a.py": EVAL}, None, link)
    result = dangerous.run(change, Asked(proposer=Proposer.SELFMOD, before=back))
    assert result.state is State.FAILED and "dangerous-link in x:1" in result.reason
    same = dangerous.run(change, Asked(proposer=Proposer.SELFMOD, before=made({"a.py": EVAL}, {"a.py": EVAL})))
    assert [f.rule for f in same.brought_back] == ["dangerous-link", "dangerous-eval"] and same.state is State.PASSED
