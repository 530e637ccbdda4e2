"""Which comments may hold a command."""

import pytest

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
    ],
)
def test_it_may(body: str) -> None:
    assert may_command(body)


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
        "    /selfmod help",
        "\t/selfmod help",
        "`/selfmod help`",
        "```\n/selfmod help\n```",
        "```\n/selfmod help",
        "~~~ sh\n/selfmod help\n~~~",
        "````\n```\n/selfmod help\n````",
        "```\n``` x\n/selfmod help",
        "text" + " " * MOST + "\n/selfmod help",
        "/\u200bselfmod help",
    ],
)
def test_it_may_not(body: str) -> None:
    assert not may_command(body)
