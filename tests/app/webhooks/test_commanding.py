"""Which comments may hold a command."""

import random

import pytest

from app.commands.grammar import commands
from app.webhooks.commanding import MOST, may_command


@pytest.mark.parametrize(
    "body",
    [
        "/selfmod",
        "/selfmod help",
        "/selfmod\thelp",
        "  /selfmod help",
        "/SELFMOD help",
        "text\n/selfmod help",
        "text\r\n/selfmod help\r\n",
        "> quoted\n\n/selfmod help",
        "```\ncode\n```\n/selfmod help",
        "~~~\n```\n~~~\n/selfmod help",
        "```inline``` text\n/selfmod help",
        "````\n```\n````\n/selfmod help",
        "- ```py\n  code\n  ```\n\n/selfmod help",
        "1. one\n   ```\n   code\n\n/selfmod help",
        "<div>\n```\n</div>\n\n/selfmod help",
        "text\n     /selfmod help",
        "text\n\t/selfmod help",
    ],
)
def test_it_may(body: str) -> None:
    assert commands(body)
    assert may_command(body)


@pytest.mark.parametrize("seed", range(20))
def test_it_never_says_no_where_the_grammar_says_yes(seed: int) -> None:
    chosen = random.Random(seed)
    pieces = (
        "/selfmod help",
        "/SELFMOD",
        "```",
        "~~~",
        "> ",
        "- ",
        "1. ",
        "    ",
        "\t",
        "  ",
        "<div>",
        "</div>",
        "text",
    )
    ends = ("\n", "\r\n", "\r", "\n\n", "")
    for _ in range(200):
        body = "".join(chosen.choice(pieces) + chosen.choice(ends) for _ in range(chosen.randint(1, 12)))
        assert may_command(body) or not commands(body), body


@pytest.mark.parametrize(
    "body",
    [
        "",
        "selfmod help",
        "please /selfmod help",
        "/selfmodify",
        "/selfmod-help",
        "> /selfmod help",
        ">/selfmod help",
        "`/selfmod help`",
        "text" + " " * MOST + "\n/selfmod help",
        "/\u200bselfmod help",
    ],
)
def test_it_may_not(body: str) -> None:
    assert not commands(body)
    assert not may_command(body)
