"""One file mended: chosen targets in one text, in rounds where they overlap, to the byte elsewhere."""

import base64
from typing import Any

import pytest

from checks.debugging.analyse import packed_surroundings
from checks.debugging.mending import mend
from checks.debugging.mending.mend import Target
from checks.debugging.source.module import Surroundings
from checks.debugging.source.text import Text, read
from tests.rulecases import module_of

MUTABLE, TIMEOUT = "mutable-default-argument", "requests-without-timeout"
NESTED = "import requests\nrequests.get(requests.get('a').text)  # both\n"


def mended(source: str, *targets: Target) -> tuple[str, list[str]]:
    module = module_of(source)
    after, why = mend.mend(module.text, module.surroundings, targets)
    return after.string, why


def test_nested_calls_are_both_mended() -> None:
    after, why = mended(NESTED, Target(TIMEOUT, 2, 1), Target(TIMEOUT, 2, 14))
    assert after == "import requests\nrequests.get(requests.get('a', timeout=10).text, timeout=10)  # both\n"
    assert why == ["", ""]


def test_a_fault_within_what_another_fix_replaces() -> None:
    source = "import yaml\n\n\ndef f(path):\n    return yaml.load(open(path), Loader=yaml.Loader)\n"
    after, why = mended(source, Target("yaml-load-without-safe-loader", 5, 12), Target("file-never-closed", 5, 22))
    assert why == ["", ""]
    assert after.endswith("    with open(path) as file:\n        return yaml.safe_load(file)\n")


def test_one_of_two_is_mended_alone() -> None:
    after, why = mended(NESTED, Target(TIMEOUT, 2, 14))
    assert after == "import requests\nrequests.get(requests.get('a', timeout=10).text)  # both\n"
    assert why == [""]


def test_two_faults_in_one_header() -> None:
    after, why = mended("def f(a=[], b={}):\n    return a, b\n", Target(MUTABLE, 1, 9), Target(MUTABLE, 1, 15))
    assert why == ["", ""]
    assert after.startswith("def f(a=None, b=None):\n")
    assert "a = []" in after and "b = {}" in after


@pytest.mark.parametrize(
    "target", [Target(MUTABLE, 1, 1), Target(MUTABLE, 99, 1), Target(TIMEOUT, 1, 9), Target("no-such-rule", 1, 9)]
)
def test_a_target_that_is_not_there_is_left_with_why(target: Target) -> None:
    source = "def f(a=[]):\n    return a\n"
    assert mended(source, target) == (source, [mend.UNBUILT])


def test_replacements_of_another_tool_are_taken_once() -> None:
    after, why = mended("x = 'ü' is 'ü'\n", Target("F632", 1, 5, ((1, 9, 1, 11, "=="),)))
    assert (after, why) == ("x = 'ü' == 'ü'\n", [""])


def test_replacements_that_touch_a_fix_of_ours_are_made_after_it() -> None:
    source = "def f(a=[],b=1 is 2):\n    return a\n"
    after, why = mended(source, Target(MUTABLE, 1, 9), Target("X1", 1, 11, ((1, 11, 1, 14, ", c="),)))
    assert why == ["", ""]
    assert after == "def f(a=None, c=1 is 2):\n    if a is None:\n        a = []\n    return a\n"


def test_replacements_of_what_a_fix_of_ours_has_changed_are_not_made() -> None:
    source = "def f(a=[]):\n    return a\n"
    after, _ = mended(source, Target(MUTABLE, 1, 9), Target("X1", 1, 9, ((1, 9, 1, 11, repr("x" * 99)),)))
    assert after == "def f(a=None):\n    if a is None:\n        a = []\n    return a\n"


def test_small_fixes_go_first() -> None:
    source = "def f(a=[]):\n    return a\n"
    after, _ = mended(source, Target(MUTABLE, 1, 9), Target("X1", 1, 9, ((1, 9, 1, 11, "()"),)))
    assert after == "def f(a=()):\n    return a\n"


def worked(content: bytes, *targets: list[Any]) -> tuple[bytes, list[str], list[str]]:
    task = {
        "path": "a.py",
        "content": base64.b64encode(content).decode(),
        "surroundings": packed_surroundings(Surroundings()),
        "targets": [[*target, False] for target in targets],
    }
    answer = mend.work(task)
    return base64.b64decode(answer["content"]), answer["why"], answer["lost"]


FUNCTION = "def f(a=[]):\n    # grüße\n    return a"
FIXED = "def f(a=None):\n    # grüße\n    if a is None:\n        a = []\n    return a"


@pytest.mark.parametrize(
    ("head", "encoding", "newline"),
    [
        ("", "utf-8", "\n"),
        ("", "utf-8", "\r\n"),
        ("", "utf-8", "\r"),
        ("", "utf-8-sig", "\n"),
        ("", "utf-8-sig", "\r\n"),
        ("# -*- coding: latin-1 -*-\n", "latin-1", "\n"),
        ("# -*- coding: cp1252 -*-\n", "cp1252", "\r\n"),
    ],
)
def test_encodings_and_line_endings_stay(head: str, encoding: str, newline: str) -> None:
    before = (head + FUNCTION).replace("\n", newline).encode(encoding)
    after, why, lost = worked(before, [MUTABLE, 2 if head else 1, 9, []])
    assert why == [""] and lost == []
    decoded = after.decode(encoding)
    assert decoded.replace(newline, "\n") in (
        head + FIXED,
        head + FIXED.replace("    # grüße\n", "", 1).replace("    return", "    # grüße\n    return"),
    )
    assert decoded.count("\n") == decoded.count("\r\n") if newline == "\r\n" else "\r\n" not in decoded
    assert not decoded.endswith(("\n", "\r"))


def test_what_cannot_be_read_is_left() -> None:
    content = b"\0\n"
    after, why, _ = worked(content, [MUTABLE, 1, 1, []])
    assert after == content and len(why) == 1 and why[0]


def test_what_the_encoding_cannot_hold_is_left() -> None:
    content = b"# coding: latin-1\nx = 1\n"
    after, why, _ = worked(content, ["X1", 2, 5, [[2, 5, 2, 6, "'\u20ac'"]]])
    assert after == content
    assert why == ["the fix cannot be written in the file's encoding, iso-8859-1"]


def test_a_lost_comment_is_told() -> None:
    _, why, lost = worked(b"x = 1  # why\n", ["X1", 1, 5, [[1, 6, 1, 13, ""]]])
    assert why == [""] and lost == ["# why"]


def test_comments_are_counted_also_in_what_does_not_end() -> None:
    for source, expected in ((b"# a\nx = 1  # b\n# a\n", {"# a": 2, "# b": 1}), (b"# a\nx = (\n", {"# a": 1})):
        text = read("a.py", source)
        assert isinstance(text, Text)
        assert mend.comments(text) == expected
