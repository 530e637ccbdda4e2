import ast
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.debugging.places import LONGEST, Enclosing, fold


@pytest.mark.parametrize(
    ("line", "folded"),
    [
        ("    x = 1", "x = 1"),
        ("\tx  =\t 1  ", "x = 1"),
        ("x = 1  # why", "x = 1"),
        ("x = '#1'  # why", "x = '#1'"),
        ('x = "#\\"#"  # why', 'x = "#\\"#"'),
        ("x = '''a # b''' # c", "x = '''a # b'''"),
        ("x = '''a # b", "x = '''a # b"),
        ("it's # no comment", "it's # no comment"),
        ("# only a comment", "# only a comment"),
        ("  #", "#"),
        ("x = 1 \\", "x = 1 \\"),
        ("x = a\\'b # c", "x = a\\'b"),
        ("", ""),
        ("\x0c  x", "x"),
        ("x = 'é\u2028'", "x = 'é '"),
    ],
)
def test_the_text_of_a_line(line: str, folded: str) -> None:
    assert fold(line) == folded


@pytest.mark.parametrize("line", ["x" * 2_000_000, "'" * 1_999_999, "\\" * 2_000_001, "#" * 2_000_000, '"\\' * 900_000])
def test_long_lines_are_short_and_differ(line: str) -> None:
    started = time.process_time()
    assert len(fold(line)) < 2 * LONGEST
    assert time.process_time() - started < 2
    assert fold(line) == fold(line) != fold(line[:-1])


@given(st.text("ab '\"#\\\t", max_size=40))
def test_indentation_is_no_part_of_it(line: str) -> None:
    assert fold("        " + line) == fold(line) == fold(line + "  ")


@given(st.text("ab =+()", min_size=1, max_size=20).filter(str.strip), st.text("ab '\"#\\", max_size=20))
def test_a_comment_after_code_is_no_part_of_it(code: str, comment: str) -> None:
    assert fold(f"{code}  # {comment}") == fold(code)


SOURCE = """
import os
@decorated
def first():
    x = 1
    class Inner:
        y = 2
        def method(self):
            return 3
        z = 4
    return Inner
w = 5
class Second:
    async def method(self): return 6
    a = 7
if w:
    def third():
        return 8
v = 9
"""
SCOPES = [
    (4, 11, "first"),
    (6, 10, "first.Inner"),
    (8, 9, "first.Inner.method"),
    (13, 15, "Second"),
    (14, 14, "Second.method"),
    (17, 18, "third"),
]


def test_the_enclosing_definition_of_each_line() -> None:
    ast.parse(SOURCE)
    enclosing = Enclosing(SCOPES)
    names = {line: enclosing.name(line) for line in range(1, 21)}
    inner = {7: "first.Inner", 8: "first.Inner", 9: "first.Inner.method", 10: "first.Inner"}
    assert {line: name for line, name in names.items() if name} == inner | {
        **dict.fromkeys((5, 6, 11), "first"),
        **dict.fromkeys((14, 15), "Second"),
        18: "third",
    }


def test_without_definitions_there_is_none() -> None:
    assert Enclosing([]).name(7) == ""


@st.composite
def nested(draw: st.DrawFn) -> list[tuple[int, int, str]]:
    scopes: list[tuple[int, int, str]] = []

    def fill(first: int, last: int, outer: str, depth: int) -> None:
        line = first
        while line <= last and depth < 4 and draw(st.booleans()):
            begin = draw(st.integers(line, last))
            end = draw(st.integers(begin, last))
            name = f"{outer}.f{begin}" if outer else f"f{begin}"
            scopes.append((begin, end, name))
            fill(begin + 1, end, name, depth + 1)
            line = end + 1

    fill(1, 30, "", 0)
    return scopes


@given(nested())
def test_it_is_the_innermost_that_began_above(scopes: list[tuple[int, int, str]]) -> None:
    enclosing = Enclosing(scopes)
    for line in range(1, 32):
        around = [scope for scope in scopes if scope[0] < line <= scope[1]]
        assert enclosing.name(line) == (max(around)[2] if around else "")
