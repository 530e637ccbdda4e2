import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.commands.grammar import LARGEST, MOST, Asked, commands, nearest


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("/selfmod fix", [("fix", ())]),
        ("/selfmod", [("", ())]),
        ("  /selfmod help  ", [("help", ())]),
        ("/SelfMod HELP", [("help", ())]),
        ("please\n/selfmod fix src/a.py\nthank you", [("fix", ("src/a.py",))]),
        ("/selfmod help\n/selfmod status", [("help", ()), ("status", ())]),
        ("/selfmod help\r\n\r\n/selfmod status\r\n", [("help", ()), ("status", ())]),
        ("/selfmod help  \n/selfmod status", [("help", ()), ("status", ())]),
        ('/selfmod rollback mod_1 -m "it broke"', [("rollback", ("mod_1", "-m", "it broke"))]),
        ("/selfmod generate a.py: it's here", [("generate", ("a.py:", "it's", "here"))]),
        ("> quoted\n\n/selfmod fix", [("fix", ())]),
        ("/selfmod ok-to-test `3f9c2e1`", [("ok-to-test", ("`3f9c2e1`",))]),
        ("/selfmod explain\tgate", [("explain", ("gate",))]),
        ("<blockquote>\n\nquoted\n\n</blockquote>\n\n/selfmod fix", [("fix", ())]),
        ("see <code>a.py</code>\n/selfmod fix", [("fix", ())]),
        ("<details>\n\n/selfmod fix\n\n</details>", [("fix", ())]),
        ("| a |\n|---|\n| b |\n\n/selfmod fix", [("fix", ())]),
        ("<!-- logs go into <code> -->\n\n/selfmod fix", [("fix", ())]),
        ("<!--\n\n<table>\n-->\n\n/selfmod fix", [("fix", ())]),
        ("<a title='<code>'>b</a>\n/selfmod fix", [("fix", ())]),
        # none of these is a command
        ("", []),
        ("please /selfmod fix", []),
        ("/selfmodx fix", []),
        ("/selfmod-fix", []),
        ("> /selfmod fix", []),
        ("> somebody wrote\n/selfmod fix", []),
        (">> /selfmod fix", []),
        ("```\n/selfmod fix\n```", []),
        ("~~~~\n/selfmod fix\n~~~~", []),
        ("```\n/selfmod fix", []),
        ("    /selfmod fix", []),
        ("\t/selfmod fix", []),
        ("- /selfmod fix", []),
        ("1. /selfmod fix", []),
        ("# /selfmod fix", []),
        ("`/selfmod fix`", []),
        ("`\n/selfmod fix\n`", []),
        ("<!--\n/selfmod fix\n-->", []),
        ("<details>\n/selfmod fix\n</details>", []),
        ("\\/selfmod fix", []),
        ("&#47;selfmod fix", []),
        ("**/selfmod fix**", []),
        ("[/selfmod fix](x)", []),
        ("| a |\n|---|\n/selfmod fix", []),
        ("<blockquote>\n\n/selfmod fix\n\n</blockquote>", []),
        ("<blockquote>\n\n/selfmod fix\n\n/selfmod fix", []),
        ("<blockquote>\n<!-- </blockquote> -->\n\n/selfmod fix", []),
        ('<blockquote>\n\n<a title="</blockquote>">b</a>\n\n/selfmod fix', []),
        ('<blockquote cite="x">\n\n/selfmod fix', []),
        ('<blockquote cite="</blockquote>">\n\n/selfmod fix', []),
        ('<p title="<q>">a</p>\n\n/selfmod fix', [("fix", ())]),
        ('<p title = "<q>">a</p>\n\n/selfmod fix', [("fix", ())]),
        ("<p title=it's><blockquote>isn't>\n\n/selfmod fix", []),
        ("<!--><blockquote>\n\n/selfmod fix", []),
        ("<!---><blockquote>\n\n/selfmod fix", []),
        ("<div><!-- a --!><blockquote>-->\n\n/selfmod fix", []),
        ("<code>\n\n/selfmod fix\n</code>", []),
        ("see <code>\n/selfmod fix\n</code>", []),
    ],
)
def test_commands_are_lines_of_paragraphs(body: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(each.name, each.words) for each in commands(body)] == expected


def test_what_follows_the_name_stays_as_it_was_written() -> None:
    assert commands("/selfmod generate a.py: adds  two *numbers*")[0] == Asked(
        "generate",
        ("a.py:", "adds", "two", "*numbers*"),
        "a.py: adds  two *numbers*",
        "/selfmod generate a.py: adds  two *numbers*",
    )


@pytest.mark.parametrize(
    ("body", "most"),
    [
        ("/selfmod help\n" * 1000, MOST),
        ("/selfmod " + "a " * 20_000, 1),
        ("x" * 70_000 + "\n/selfmod fix", 0),
        (">" * 5000 + " /selfmod fix", 0),
        ("[" * 5000 + "\n/selfmod fix", 1),
        ("*" * 20_000 + "\n/selfmod fix", 1),
        ("<div>\n" + "<a " * 20_000 + "\n\n/selfmod fix", 1),
        ("<div>\n" + "<a '<a'\"<a\"" * 5_000 + "\n\n/selfmod fix", 1),
        ("<div>\n" + "<a ='<a'=\"<a\"" * 4_000 + "\n\n/selfmod fix", 1),
        ("<div>\n" + "<q =" + "= " * 20_000 + "\n\n/selfmod fix", 1),
        ("<div>\n" + "<!-- " * 10_000 + "\n\n/selfmod fix", 1),
    ],
)
def test_hostile_comments_end(body: str, most: int) -> None:
    assert len(commands(body)) <= most


def table(columns: int, rows: int, row: str) -> str:
    return "|".join("a" * columns) + "\n" + "|".join("-" * columns) + "\n" + f"{row}\n" * rows + "\n"


@pytest.mark.parametrize("mark", ["", "> ", "- > ", "1. "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_comment_of_tables_that_would_be_filled_up_is_not_read(
    mark: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifteen kilobytes kept a thread busy for a minute, and took a gigabyte."""
    parsed: list[str] = []

    def parse(_: MarkdownIt, body: str) -> list[Token]:
        parsed.append(body)
        return []

    monkeypatch.setattr(MarkdownIt, "parse", parse)
    tables = "".join(mark + line + "\n" if line else "\n" for line in (table(128, 520, "a") * 10).split("\n"))
    commands("/selfmod help\n\n" + tables.replace("\n", end))
    assert not parsed
    commands("/selfmod help\n")
    assert parsed


@pytest.mark.parametrize(("columns", "rows"), [(2, 10_000), (12, 2_500), (100, 300)])
def test_a_table_that_is_written_out_hides_no_command(columns: int, rows: int) -> None:
    body = f"/selfmod fix\n\n{table(columns, rows, '|'.join('a' * columns))}"
    assert len(body) <= LARGEST
    assert [each.name for each in commands(body)] == ["fix"]


@given(st.text(alphabet=st.sampled_from("/selfmod fix\n>`*- \t#<!&;\\~1.[]\x00\u202e"), max_size=200))
def test_every_command_is_a_line_that_begins_with_the_word(body: str) -> None:
    for each in commands(body):
        assert each.line.casefold().startswith("/selfmod")


@given(st.text(max_size=300))
def test_whatever_is_quoted_is_no_command(body: str) -> None:
    quoted = "\n".join("> " + line for line in f"/selfmod fix\n{body}".splitlines())
    assert commands(quoted) == ()


@pytest.mark.parametrize(
    ("name", "expected"), [("fxi", "fix"), ("hlep", "help"), ("ok-test", "ok-to-test"), ("zzz", ""), ("", "")]
)
def test_a_near_miss_is_named(name: str, expected: str) -> None:
    assert nearest(name, ["fix", "help", "ok-to-test", "review"]) == expected
