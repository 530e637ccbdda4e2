import time

import pytest

from checks.validation.syntax.conflicts import conflicts

WHOLE = b"a\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> other\nb\n"
HITS: list[tuple[bytes, list[tuple[int, bool]]]] = [
    (WHOLE, [(2, False)]),
    (WHOLE.replace(b"\n", b"\r\n"), [(2, False)]),
    (b"<<<<<<<\n=======\n>>>>>>>\n", [(1, False)]),
    (b"<<<<<<< a\n||||||| base\n=======\n>>>>>>> b", [(1, False)]),
    (WHOLE + WHOLE, [(2, False), (9, False)]),
    (b"Title\n=======\n" + WHOLE, [(4, False)]),
    (b"```\n" + WHOLE + b"```\n", [(3, True)]),
    (b"```\nx\n```\n" + WHOLE, [(5, False)]),
]
LOOK_ALIKES = [
    b"",
    b"Title\n=======\n",
    b"=======\nTitle\n=======\n",
    b">>>>>>> quoted\n",
    b"<<<<<<< HEAD\n",
    b">>>>>>> b\n=======\n<<<<<<< a\n",
    b"<<<<<<< a\n>>>>>>> b\n",
    b"<<<<<<< a\n======= x\n>>>>>>> b\n",
    b"<<<<<<<< a\n========\n>>>>>>>> b\n",
    b" <<<<<<< a\n =======\n >>>>>>> b\n",
    b"print('<<<<<<< a')\n=======\n>>>>>>> b\n",
    b"<<<<<<<a\n=======\n>>>>>>>b\n",
]


@pytest.mark.parametrize(("content", "expected"), HITS)
def test_conflicts(content: bytes, expected: list[tuple[int, bool]]) -> None:
    assert list(conflicts(content)) == expected


@pytest.mark.parametrize("content", LOOK_ALIKES)
def test_what_is_no_conflict(content: bytes) -> None:
    assert list(conflicts(content)) == []


def test_many_markers_take_linear_time() -> None:
    began = time.process_time()
    assert list(conflicts(b"<<<<<<< a\n" * 200_000)) == []
    assert time.process_time() - began < 5
