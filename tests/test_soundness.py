"""What the tests on real packages would notice."""

import pytest

from tests.soundness import endings, spoiled

BEFORE = b"import os  # a\n\n\ndef f():\n    # b\n    return os.name, missing\n"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (BEFORE, []),
        (BEFORE.replace(b"return", b"yield"), []),
        (BEFORE.replace(b"# b", b"# b\n    # c"), []),
        (BEFORE.replace(b"missing", b"1"), []),
        (BEFORE.replace(b":", b""), ["m.py: does not parse"]),
        (BEFORE.replace(b"# b", b"pass"), ["m.py: lost '# b'"]),
        (BEFORE.replace(b"# a\n", b"# a\r\n"), ["m.py: other line endings"]),
        (BEFORE.replace(b"import os", b"import io"), ["m.py: Undefined name `os`"]),
        (BEFORE + b"missing\n", ["m.py: Undefined name `missing`"]),
    ],
)
def test_what_is_worse_is_said(after: bytes, said: list[str]) -> None:
    assert spoiled({"m.py": BEFORE}, {"m.py": after}) == said


def test_files_of_one_name_are_kept_apart() -> None:
    before = {"a/m.py": b"x = 1\n", "b/m.py": b"y\n"}
    assert spoiled(before, {"a/m.py": b"y\n", "b/m.py": b"y\n"}) == ["a/m.py: Undefined name `y`"]


def test_endings_of_all_three_kinds() -> None:
    assert endings(b"a\nb\r\nc\rd") == {"\n", "\r\n", "\r"}
