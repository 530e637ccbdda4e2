import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.repository.lines import line_map, pairs

CASES = [
    (b"", b"a\n", (None,)),
    (b"a\nb\n", b"a\nb\n", (1, 2)),
    (b"a\nb\nc\n", b"a\nx\nb\nc\n", (1, None, 2, 3)),
    (b"a\nb\nc\n", b"a\nc\n", (1, 3)),
    (b"a\nb\n", b"a\r\nb", (1, 2)),
    (b"a\rb\r", b"b\n", (2,)),
    (b"a\nb\nc\nd\n", b"c\nd\na\nb\n", (3, 4, None, None)),
    (b"x\n}\ny\n}\n", b"x\n}\nz\n}\ny\n}\n", (1, 2, None, None, 3, 4)),
]


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_line_map(old: bytes, new: bytes, expected: tuple[int | None, ...]) -> None:
    found = line_map(old, new)
    assert found.old == expected
    assert found.added == {n for n, line in enumerate(expected, 1) if line is None}
    assert [found.old_line(n) for n in (0, len(expected) + 1)] == [None, None]


def test_a_moved_and_edited_large_file_keeps_most_lines() -> None:
    old = [b"line %d" % n for n in range(3000)]
    new = [b"top", *old[:1000], *old[1010:2000], b"x", b"y", *old[2000:]]
    assert len(pairs(old, new)) == 2990


def _many_remainders(seed: int) -> bytes:
    """Each of them small enough for the exact table."""
    chance = random.Random(seed)
    return b"".join(b"%d\n" % n + b"".join(chance.choices((b"a\n", b"b\n"), k=199)) for n in range(2_000))


HOSTILE = {
    "many remainders": (_many_remainders(1), _many_remainders(2)),
    "one line repeated": (b"a\n" * 60_000, b"b\n" + b"a\n" * 59_000 + b"b\n"),
    "two lines repeated": (b"a\nb\n" * 30_000, b"b\nb\na\n" * 20_000),
    "shuffled": (
        b"".join(b"%d\n" % n for n in range(40_000)),
        b"".join(b"%d\n" % (n * 7919 % 40_000) for n in range(40_000)),
    ),
    "few lines of many kinds": (
        b"".join(b"%d\n" % (n * n % 97) for n in range(40_000)),
        b"".join(b"%d\n" % (n * n * n % 97) for n in range(40_000)),
    ),
    "reversed": (b"".join(b"%d\n" % n for n in range(40_000)), b"".join(b"%d\n" % n for n in range(40_000, 0, -1))),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_take_no_time(case: str) -> None:
    old, new = HOSTILE[case]
    began = time.process_time()
    found = line_map(old, new)
    assert time.process_time() - began < 4
    assert len(found.old) == new.count(b"\n")


LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"e"]), max_size=60)


@given(LINES, LINES)
def test_pairs_are_equal_lines_in_order(old: list[bytes], new: list[bytes]) -> None:
    found = pairs(old, new)
    assert all(old[i] == new[j] for i, j in found)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(found))


@given(LINES, LINES)
def test_pairs_without_the_exact_table(old: list[bytes], new: list[bytes]) -> None:
    found = pairs(old * 40, new * 40)
    assert all((old * 40)[i] == (new * 40)[j] for i, j in found)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(found))
