import re
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from checks.reports import safe

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MENTION = re.compile(r"@\w|#\d|gh-\d|www\.|://|:[\w+-]+:", re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("src/acme/cache.py", "src/acme/cache.py"),
        ("größe 日本.py", "größe 日本.py"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\x1b[2Jgone\x9b1m\x7f\0", r"\x1b[2Jgone\x9b1m\x7f\x00"),
        ("user\u202egnp.py", r"user\u202egnp.py"),
        ("zero\u200bwidth\ufeff\u2028", r"zero\u200bwidth\ufeff\u2028"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("\udcff.py", r"\udcff.py"),
    ],
)
def test_visible_shows_what_acts_or_hides(text: str, shown: str) -> None:
    assert safe.visible(text) == shown


def test_lines_for_terminal_keeps_lines_and_tabs() -> None:
    assert safe.lines_for_terminal("+\tx = 1\n-\x1b[31m\u202e\r\n") == "+\tx = 1\n-\\x1b[31m\\u202e\\r\n"


def test_visible_leaves_no_control_format_or_surrogate_of_this_unicode() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    left = {each for each in safe.visible(everything) if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert left == set()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", r"\x3a:error::x"),
        (" \u00a0::add-mask::x", " \u00a0\\x3a:add-mask::x"),
        (":", r"\x3a"),
        ("a::b", "a::b"),
        ("a ##[error]b ##[group]", r"a #\x23[error]b #\x23[group]"),
        ("x\n::error::y", r"x\n::error::y"),
    ],
)
def test_for_terminal_is_no_workflow_command(text: str, shown: str) -> None:
    assert safe.for_terminal(text) == shown
    assert safe.for_terminal(shown) == shown


@pytest.mark.parametrize(
    ("text", "message", "value"),
    [
        ("50% of a, b: c", "50%25 of a, b: c", "50%25 of a%2C b%3A c"),
        ("one\r\ntwo::", "one%0D%0Atwo::", "one%0D%0Atwo%3A%3A"),
        ("%0A\x1b", r"%250A\x1b", r"%250A\x1b"),
    ],
)
def test_workflow_commands_are_escaped_as_the_runner_unescapes(text: str, message: str, value: str) -> None:
    assert safe.for_workflow_command(text) == message
    assert safe.for_workflow_property(text) == value


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("The default is shared by all calls.", "The default is shared by all calls."),
        ("@ann and a@b.example", "@&#8203;ann and a@&#8203;b.example"),
        ("see #12, gh-3", "see &#35;&#8203;12, gh-&#8203;3"),
        ("<!-- x -->", "&#60;&#33;-- x --&#62;"),
        ("![x](y)", "&#33;&#91;x&#93;&#40;y&#41;"),
        ("https://a.example www.b.example", "https:&#8203;//a.example www&#8203;.b.example"),
        ("``` a | b \\|", "&#96;&#96;&#96; a &#124; b &#92;&#124;"),
        ("- item", "&#45; item"),
        ("1. item", "1&#46; item"),
        (":tada: __init__", ":&#8203;tada: &#95;&#95;init&#95;&#95;"),
        ("a\n# b", "a&#92;n&#35; b"),
        ("  indented ", "indented"),
    ],
)
def test_for_markdown(text: str, markdown: str) -> None:
    assert safe.for_markdown(text) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("src/@acme/a_b.py:3:1", "`src/@acme/a_b.py:3:1`"),
        ("<b>#1</b>", "`<b>#1</b>`"),
        ("a|b", "<code>a&#124;b</code>"),
        ("a`b", "<code>a&#96;b</code>"),
        ("a\nb", r"`a\nb`"),
        ("", "<code></code>"),
    ],
)
def test_for_markdown_code(text: str, markdown: str) -> None:
    assert safe.for_markdown_code(text) == markdown


@pytest.mark.parametrize(("text", "cut"), [("abcd", "abcd"), ("abcde", "abc…")])
def test_shortened(text: str, cut: str) -> None:
    assert safe.shortened(text, 4) == cut


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or []]


@settings(deadline=None)  # the cores are shared: slow is no fault here
@given(data=st.data())
def test_markdown_of_any_text_renders_as_that_text(data: st.DataObject, hostile: st.SearchStrategy[str]) -> None:
    text = data.draw(hostile)
    tokens = MARKDOWN.parse(safe.for_markdown(text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    assert {token.type for token in inline(tokens)} <= {"text", "text_special"}
    rendered = "".join(token.content for token in inline(tokens))
    assert rendered.replace("\u200b", "") == safe.visible(text).strip()
    assert not MENTION.search(rendered)


@settings(deadline=None)  # the cores are shared: slow is no fault here
@given(data=st.data())
def test_no_text_leaves_its_cell_of_a_table(data: st.DataObject, hostile: st.SearchStrategy[str]) -> None:
    prose, code = data.draw(hostile), data.draw(hostile)
    table = f"| a | b |\n| --- | --- |\n| {safe.for_markdown(prose)} | {safe.for_markdown_code(code)} |\n"
    tokens = MARKDOWN.parse(table)
    assert [token.type for token in tokens].count("td_open") == 2
    assert tokens[-1].type == "table_close"
    assert {token.type for token in inline(tokens)} <= {"text", "text_special", "code_inline", "html_inline"}
    tags = [token.content for token in inline(tokens) if token.type == "html_inline"]
    assert tags in ([], ["<code>", "</code>"])


@settings(deadline=None)  # the cores are shared: slow is no fault here
@given(data=st.data())
def test_a_runner_reads_back_the_path(data: st.DataObject, hostile: st.SearchStrategy[str]) -> None:
    text = data.draw(hostile)
    value = safe.for_workflow_property(text)
    for code, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        value = value.replace(code, character)
    assert safe.visible(value) == safe.visible(text)
