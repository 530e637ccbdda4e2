"""What the reporter writes is what the host reads."""

import json
import os

import pytest

from checks.sandbox.reporter import records
from checks.sandbox.session import records as host


class Lying(str):
    def __str__(self) -> str:
        return "lie"

    def __repr__(self) -> str:
        return "lie"


@pytest.mark.parametrize(
    "value",
    [None, True, False, 0, -7, 1.5, "", 'a"\\\n\x00é😀\ud800', [], [1, [2, "x"]], {}, {"a": {"b": [None]}}],
)
def test_values_survive(value: object) -> None:
    assert json.loads(records.text_of(value)) == value


def test_numbers_that_json_has_not_are_zero() -> None:
    assert [records.text_of(each) for each in (float("nan"), float("inf"))] == ["0.0", "0.0"]


def test_no_method_of_a_strange_string_is_called() -> None:
    assert json.loads(records.text_of(Lying("truth"))) == "truth"


def test_the_host_believes_it_and_a_forked_child_is_silent() -> None:
    read_end, write_end = os.pipe()
    report = records.writer(write_end, b"k" * 32)
    report("begin", {"a": "é"})
    if os.fork() == 0:
        report("end", 0)
        os._exit(0)
    os.wait()
    report("test", [0, "passed", 0.5, "", ""])
    report("end", 0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        found = host.read(pipe.read(), b"k" * 32)
    assert found.fault == ""
    assert [(each.kind, each.value) for each in found.records] == [
        ("begin", {"a": "é"}),
        ("test", [0, "passed", 0.5, "", ""]),
        ("end", 0),
    ]


def test_chunks() -> None:
    assert list(records.in_chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(records.in_chunks([])) == []
