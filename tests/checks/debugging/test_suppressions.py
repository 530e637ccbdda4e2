import time
from dataclasses import replace
from textwrap import dedent

import pytest

from checks.debugging.source.text import Text, read
from checks.debugging.suppressions import MALFORMED, NOTES, REASONLESS, SUGGESTIONS, UNUSED, applied
from checks.model.findings import Confidence, Finding, Severity

RULE = "mutable-default-argument"
FINDING = Finding(
    file="a.py",
    line=1,
    column=1,
    end_line=1,
    end_column=5,
    rule=RULE,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    message="a fault",
    cwe=None,
    tool="selfmod",
    tools=("selfmod",),
    fixable=False,
    aliases=("B602",),
)


def text_of(source: str | bytes) -> Text:
    text = read("a.py", source if isinstance(source, bytes) else dedent(source).lstrip("\n").encode())
    assert isinstance(text, Text)
    return text


def at(line: int, end_line: int = 0, rule: str = RULE, tool: str = "selfmod", aliases: tuple[str, ...] = ()) -> Finding:
    return replace(FINDING, line=line, end_line=end_line or line, rule=rule, tool=tool, aliases=aliases)


def left(source: str | bytes, *findings: Finding, **options: object) -> list[str]:
    """Rules of what is left, in order of line."""
    kept, silenced = applied(text_of(source), findings, **options)  # type: ignore[arg-type]  # passed through
    assert silenced == len(findings) - sum(f in findings for f in kept)
    return [f.rule for f in sorted(kept, key=lambda f: (f.line, f.column))]


WHY = f"# selfmod: ignore[{RULE}] because"

SILENCED = [
    ("at the end of the line", f"f(x)  {WHY}\n", at(1)),
    ("without blanks", f"f(x)#selfmod:ignore[{RULE}]because\n", at(1)),
    ("with many blanks", f"f(x)  #  selfmod:  ignore [ {RULE} ]  because\n", at(1)),
    ("in capitals", f"f(x)  # SelfMod: Ignore[{RULE}] because\n", at(1)),
    ("a dash before the reason", f"f(x)  # selfmod: ignore[{RULE}] - because\n", at(1)),
    ("on its own line above", f"{WHY}\nf(x)\n", at(2)),
    ("above, with other comments and blank lines between", f"{WHY}\n# more\n\nf(x)\n", at(4)),
    ("above, indented", f"if x:\n    {WHY}\n    f(x)\n", at(3)),
    ("above an argument of a call", f"f(\n    {WHY}\n    x,\n)\n", at(3)),
    ("at the first line of a call over several", f"f(  {WHY}\n    x,\n)\n", at(1, 3)),
    ("at the last line of a call over several", f"f(\n    x,\n)  {WHY}\n", at(1, 3)),
    ("above a decorator, for the definition", f"{WHY}\n@one\n@two(\n    x\n)\ndef f(): pass\n", at(6)),
    ("above a decorator, for the decorator", f"{WHY}\n@one\n@two\ndef f(): pass\n", at(2)),
    ("above a decorator over several lines", f"{WHY}\n@one(\n    x\n)\ndef f(): pass\n", at(5)),
    ("above the second decorator", f"@one\n{WHY}\n@two\ndef f(): pass\n", at(4)),
    ("between decorator and definition", f"@one\n{WHY}\ndef f(): pass\n", at(3)),
    ("after a noqa", f"f(x)  # noqa: E501  {WHY}\n", at(1)),
    ("before a noqa", f"f(x)  {WHY}  # noqa: E501\n", at(1)),
    ("after a type comment", f"f(x)  # type: ignore[a]  {WHY}\n", at(1)),
    ("an issue's number in the reason", f"f(x)  # selfmod: ignore[{RULE}] see #12\n", at(1)),
    ("after a string over several lines", f'x = """\n# no\n"""  {WHY}\n', at(1, 3)),
    ("CR LF", f"x\r\nf(x)  {WHY}\r\n".encode(), at(2)),
    ("lone CR", f"x\rf(x)  {WHY}\ry\r".encode(), at(2)),
    ("a byte order mark", b"\xef\xbb\xbf" + f"f(x)  {WHY}\n".encode(), at(1)),
    ("Latin-1", b"# coding: latin-1\nf('\xe9')  " + WHY.encode() + b" \xe9\n", at(2)),
    ("an alias", "f(x)  # selfmod: ignore[B602] because\n", at(1, aliases=("B602",))),
    ("ruff's name for the alias", "f(x)  # selfmod: ignore[S602] because\n", at(1, aliases=("B602",))),
    ("bandit's code", "f(x)  # selfmod: ignore[B602] because\n", at(1, rule="B602", tool="bandit")),
    ("ruff's name for bandit's code", "f(x)  # selfmod: ignore[S602] because\n", at(1, rule="B602", tool="bandit")),
    ("bandit's name for ruff's code", "f(x)  # selfmod: ignore[B602] because\n", at(1, rule="S602", tool="ruff")),
    ("ruff's code", "f(x)  # selfmod: ignore[F821] because\n", at(1, rule="F821", tool="ruff")),
]


@pytest.mark.parametrize(("source", "finding"), [case[1:] for case in SILENCED], ids=[case[0] for case in SILENCED])
def test_silenced(source: str | bytes, finding: Finding) -> None:
    assert left(source, finding) == []


def test_several_rules_in_one_comment() -> None:
    source = f"f(x)  # selfmod: ignore[{RULE}, F821] because\n"
    assert left(source, at(1), at(1, rule="F821", tool="ruff")) == []
    assert left(source, at(1)) == [UNUSED]


def test_two_suppressions_in_one_comment() -> None:
    source = f"f(x)  # selfmod: ignore[F821] because  {WHY}\n"
    assert left(source, at(1), at(1, rule="F821", tool="ruff")) == []


def test_one_comment_silences_all_of_a_rule_on_its_line() -> None:
    assert left(f"f(x); f(y)  {WHY}\n", at(1), replace(at(1), column=7)) == []


KEPT = [
    ("no comment", "f(x)\n", [RULE]),
    ("in a string", f"f('{WHY}')\n", [RULE]),
    ("in a string over several lines", f'f("""\n{WHY}\n""")\n', [RULE]),
    ("on another line", f"f(x)\ny  {WHY}\n", [RULE, UNUSED]),
    ("below", f"f(x)\n{WHY}\n", [RULE, UNUSED]),
    ("another rule", "f(x)  # selfmod: ignore[requests-without-timeout] because\n", [RULE, UNUSED]),
    ("in the midst of a call", f"f(\n    x,  {WHY}\n    y,\n)\n", [RULE, UNUSED]),
    ("no brackets", "f(x)  # selfmod: ignore\n", [RULE, MALFORMED]),
    ("no brackets, a rule", f"f(x)  # selfmod: ignore {RULE} because\n", [RULE, MALFORMED]),
    ("no colon", f"f(x)  # selfmod ignore[{RULE}] because\n", [RULE, MALFORMED]),
    ("another word", f"f(x)  # selfmod: disable[{RULE}]\n", [RULE, MALFORMED]),
    ("an open bracket", f"f(x)  # selfmod: ignore[{RULE}\n", [RULE, MALFORMED]),
    ("empty brackets", "f(x)  # selfmod:ignore[] because\n", [RULE, MALFORMED]),
    ("blanks in brackets", "f(x)  # selfmod: ignore[ , ] because\n", [RULE, MALFORMED]),
    ("about selfmod", "f(x)  # selfmod finds this, and selfmodx: ignore[y]\n", [RULE]),
    ("at the end of the file", f"f(x)\n{WHY}", [RULE, UNUSED]),
]


@pytest.mark.parametrize(("source", "rules"), [case[1:] for case in KEPT], ids=[case[0] for case in KEPT])
def test_kept(source: str, rules: list[str]) -> None:
    assert sorted(left(source, at(1, source.count("\n") if source.startswith("f(\n") else 1))) == sorted(rules)


@pytest.mark.parametrize(
    "end", ["", "  ", " -", ":", "  # noqa: S602", " # nosec", "  # type: ignore[x]", " # pragma: no cover"]
)
def test_a_suppression_without_a_reason_holds_and_is_reported(end: str) -> None:
    source = f"f(x)  # selfmod: ignore[{RULE}]{end}\n"
    kept, silenced = applied(text_of(source), [FINDING])
    assert silenced == 1
    (note,) = kept
    assert (note.rule, note.severity, note.line, note.column) == (REASONLESS, Severity.MEDIUM, 1, 7)
    assert note.end_column == len(source)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (RULE, f"nothing is found here by '{RULE}' any more: remove the suppression"),
        ("B602", "nothing is found here by 'B602' any more: remove the suppression"),
        ("mutable-defualt-argument", f"no rule is called 'mutable-defualt-argument': did you mean {RULE}?"),
        ("zzz", "no rule is called 'zzz'"),
        ("x" * 5000, "no rule is called '" + "x" * 5000 + "'"),
    ],
)
def test_an_unused_suppression_is_reported(name: str, message: str) -> None:
    kept, silenced = applied(text_of(f"x = 1  # selfmod: ignore[{name}] because\n"), [])
    assert silenced == 0
    assert [(note.rule, note.message, note.severity) for note in kept] == [(UNUSED, message, Severity.LOW)]


def test_where_a_detector_failed_nobody_knows_what_is_unused() -> None:
    assert left(f"x = 1  {WHY}\n", complete=False) == []
    assert left("x = 1  # selfmod: ignore[nonsense] because\n", complete=False) == [UNUSED]


EQUIVALENTS = [
    ("a blanket nosec", {1: frozenset()}, "", True),
    ("nosec with the code", {1: frozenset({"B602"})}, "", True),
    ("nosec with another code", {1: frozenset({"B603"})}, "", False),
    ("nosec on a line within", {2: frozenset({"B602"})}, "", True),
    ("only the first nosec counts, as in bandit", {1: frozenset({"B1"}), 2: frozenset()}, "", False),
    ("nosec below", {4: frozenset()}, "", False),
    ("noqa", {}, "# noqa", True),
    ("noqa with the code", {}, "# noqa: S602", True),
    ("noqa without a blank, in small letters", {}, "#NOQA:s602", True),
    ("noqa with several codes", {}, "# noqa: E501,S602 reason", True),
    ("noqa with another code", {}, "# noqa: E501", False),
    ("noqa for the whole file", {}, "# ruff: noqa: S602", True),
    ("noqa for the whole file, another code", {}, "# ruff: noqa: E501", False),
    ("noqa for the whole file, for everything", {}, "# ruff: noqa", False),
    ("a word like noqa", {}, "# noqaish", False),
]


@pytest.mark.parametrize(
    ("nosec", "comment", "silent"), [case[1:] for case in EQUIVALENTS], ids=[case[0] for case in EQUIVALENTS]
)
def test_what_was_answered_for_another_tool_is_not_raised_again(
    nosec: dict[int, frozenset[str]], comment: str, silent: bool
) -> None:
    source = f"f(\n  x\n)  {comment or '# nosec, which bandit read'}\nz\n"
    finding = at(1, 3, aliases=("B602",))
    assert left(source, finding, nosec=nosec) == ([] if silent else [RULE])
    # what has no equivalent there, or is theirs (they have decided themselves), stays
    other = at(1, 3)
    theirs = at(1, 3, rule="B602", tool="bandit")
    assert left(source, other, theirs, nosec=nosec) == [RULE, "B602"]


def test_a_file_without_any_is_not_looked_at() -> None:
    broken = Text("a.py", b"((((", "utf-8", False)
    assert applied(broken, [FINDING]) == ([FINDING], 0)


def test_a_file_that_breaks_off_keeps_the_comments_before() -> None:
    broken = Text("a.py", f"f(x)  {WHY}\n(((('''".encode(), "utf-8", False)
    assert applied(broken, [FINDING]) == ([], 1)


TRAPS = {
    "comments above one line": "# selfmod: ignore[B101] why\n" * 30_000 + "assert x\n",
    "comments on lines": "assert x  # selfmod: ignore[B101] why\n" * 20_000,
    "unknown names": "assert x  # selfmod: ignore[unknown-name] why\n" * 20_000,
    "many names in one comment": "x = 1  # selfmod: ignore[" + ",".join(f"n{i}" for i in range(50_000)) + "] why\n",
    "many suppressions in one comment": "x = 1  " + "# selfmod: ignore[B101] why " * 20_000 + "\n",
    "many open brackets": "x = 1  " + "# selfmod: ignore[" * 30_000 + "\n",
    "many hashes": "x = 1  " + "# " * 400_000 + "# selfmod: ignore[B101] why\n",
    "a long reason": "x = 1  # selfmod: ignore[B101] " + "# noqa " * 100_000 + "\n",
    "decorators": "# selfmod: ignore[B101] why\n@a\n" * 10_000 + "def f(): pass\n",
}


@pytest.mark.parametrize("name", TRAPS)
def test_files_made_to_cost_do_not(name: str) -> None:
    findings = [at(line, rule="B101", tool="bandit") for line in range(1, 5_000)]
    text = text_of(TRAPS[name])
    started = time.process_time()
    kept, _ = applied(text, findings)
    assert time.process_time() - started < 10
    assert len(kept) <= len(findings) + NOTES
    assert sum("did you mean" in finding.message for finding in kept) <= SUGGESTIONS
