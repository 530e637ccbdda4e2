import ast
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.debugging.source.text import Text, read
from checks.model.findings import NotAnalysed


def text_of(raw: bytes) -> Text:
    text = read("a.py", raw)
    assert isinstance(text, Text), text
    return text


READ = [
    (b"", "", "utf-8", False),
    (b"x = 1", "x = 1", "utf-8", False),
    (b"\xef\xbb\xbfx = 1\n", "x = 1\n", "utf-8", True),
    (b"\xef\xbb\xbf# coding: utf-8\n", "# coding: utf-8\n", "utf-8", True),
    (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n", "iso-8859-1", False),
    (b"#!/bin/x\r\n# coding: cp1252\r\ny = '\x80'\r\n", "#!/bin/x\r\n# coding: cp1252\r\ny = '€'\r\n", "cp1252", False),
    (b"# a\r# coding: latin-1\rx = '\xe9'\r", "# a\r# coding: latin-1\rx = 'é'\r", "iso-8859-1", False),
    (b"x = 1\r# coding: latin-1\r", "x = 1\r# coding: latin-1\r", "utf-8", False),
    (b"\x0c# coding: latin-1\n'\xe9'\n", "\x0c# coding: latin-1\n'é'\n", "iso-8859-1", False),
    ("# coding: shift_jis\ns = '日本'\n".encode("shift_jis"), "# coding: shift_jis\ns = '日本'\n", "shift_jis", False),
]


@pytest.mark.parametrize(("raw", "string", "encoding", "bom"), READ)
def test_read_and_written_back(raw: bytes, string: str, encoding: str, bom: bool) -> None:
    text = text_of(raw)
    assert (text.string, text.encoding, text.bom) == (string, encoding, bom)
    assert text.encode(text.data) == raw


NOT_READ = [
    (b"x = 1\n\0\n", "line 2 holds a NUL byte"),
    (b"x = 1\ry\r\n\0", "line 3 holds a NUL byte"),
    ("x = 1".encode("utf-16"), "NUL byte"),
    (b"\xff\xfe", "encoding cannot be told"),
    (b"x = '\xe9'\n", "encoding cannot be told"),
    (b"a\n\nb\nx = '\xe9'\n", "line 4 is not valid utf-8 (byte 10)"),
    (b"a\ra\ra\rx = '\xe9'\n", "line 4 is not valid utf-8"),
    (b"# coding: nothing-such\n", "unknown encoding"),
    (b"\xef\xbb\xbf# coding: latin-1\n", "encoding cannot be told"),
    (b"# coding: rot13\nx = 1\n", "rot13 cannot be used"),
    (b"# coding: utf-16\nx = 1\n\n", "utf-16 cannot be used"),
    (b"# coding: utf-7\nx = '+AGE-'\n", "utf-7 cannot be used"),
    (b"# coding: cp037\nx = 1\n", "cp037 cannot be used"),
    (b"# coding: unicode_escape\nx = '\\x41'\n", "cannot be used"),
    (b"# coding: ascii\n\n\nx = '\xe9'\n", "line 4 is not valid ascii"),
]


@pytest.mark.parametrize(("raw", "reason"), NOT_READ)
def test_what_cannot_be_read_is_named_with_its_place(raw: bytes, reason: str) -> None:
    result = read("a.py", raw)
    assert isinstance(result, NotAnalysed)
    assert reason in result.reason


def test_a_character_that_the_encoding_lacks_cannot_be_written() -> None:
    text = text_of(b"# coding: latin-1\nx = 1\n")
    assert text.encode("# coding: latin-1\nx = '€'\n".encode()) is None


PIECES = [
    "\n",
    "\r\n",
    "\r",
    "\x0c",
    "a = 1",
    "'é'",
    "#\u2028 \x85 \x0b \x1c",
    "'''x\ry\n'''",
    "b\\\n",
    "if a:",
    "  ",
    ";",
    "(",
    ")",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_lines_and_offsets_are_those_of_the_parser(source: str) -> None:
    text = text_of(source.encode())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.encode())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            start = text.offset(node.lineno, node.col_offset)
            assert text.data[start : start + len(node.id)] == node.id.encode()
            assert text.line_of(start) == node.lineno
            assert node.id in text.line(node.lineno)


def test_columns_count_characters_from_one() -> None:
    text = text_of("'é'; x\n".encode())
    assert text.column(1, 0) == 1
    assert text.column(1, len("'é'; ".encode())) == 6


NEWLINES = [("x", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\r\nc\n", "\r\n"), ("a\rb\r", "\r"), ("a\r\n", "\r\n")]


@pytest.mark.parametrize(("source", "newline"), NEWLINES)
def test_newline_is_the_most_frequent_one(source: str, newline: str) -> None:
    assert text_of(source.encode()).newline == newline


UNITS = [
    ("x = 1\n", "    "),
    ("if x:\n  y\n", "  "),
    ("if x:\n\ty\n", "\t"),
    ("if x:\r\ty\r", "\t"),
    ('"""Usage:\n  no block\n"""\nif x:\n    y\n', "    "),
    ("d = {'a':\n  1}\nif x:\n    # c\n    y\n", "    "),
    ("if x:\n     y\n", "    "),
    ("(\n", "    "),
]


@pytest.mark.parametrize(("source", "unit"), UNITS)
def test_indentation_unit_is_that_of_the_first_block(source: str, unit: str) -> None:
    assert text_of(source.encode()).indent_unit == unit
