"""Records are believed only with their codes, in their order, up to the end."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from checks.sandbox.session import records

KEY = b"k" * 32


def written(*kinds: str, key: bytes = KEY) -> list[bytes]:
    """Records as the reporter writes them, each with its newline."""
    lines = []
    for kind in kinds:
        payload = json.dumps({"kind": kind, "value": kind.upper()}).encode()
        lines.append(hmac.digest(key, payload, "sha256").hex().encode() + b" " + payload + b"\n")
        key = hashlib.sha256(b"next" + key).digest()
    return lines


def test_all_records_hold() -> None:
    report = records.read(b"".join(written("begin", "test", "test", "end")), KEY)
    assert report.fault == ""
    assert [each.kind for each in report.records] == ["begin", "test", "test", "end"]
    assert report.of("test") == ["TEST", "TEST"]


A, B, C, END = written("a", "b", "c", "end")


@pytest.mark.parametrize(
    ("report", "kept", "fault"),
    [
        (b"", 0, "did not come to its end"),
        (A + B, 2, "did not come to its end"),
        (A + C + END, 1, "no valid code"),
        (A + A + B + C + END, 1, "no valid code"),
        (B + A + C + END, 0, "no valid code"),
        (A + B.replace(b"B", b"X") + C + END, 1, "no valid code"),
        (A + b"rubbish\n" + B + C + END, 1, "no valid code"),
        (A + b"\xff\x00 {}\n" + B, 1, "no valid code"),
        (A + B + C + END + END, 4, "after the end"),
        (A + B + C + END + b"x", 4, "after the end"),
        (A + B + C + END[:-1], 3, "did not come to its end"),
        (b"".join(written("a", "end", key=b"other")), 0, "no valid code"),
    ],
)
def test_what_does_not_hold(report: bytes, kept: int, fault: str) -> None:
    read = records.read(report, KEY)
    assert fault in read.fault and len(read.records) == kept


@pytest.mark.parametrize("payload", [b"[]", b"{}", b'{"kind": 1}', b"[" * 100_000, b"\xff", b"null"])
def test_payloads_that_are_none(payload: bytes) -> None:
    line = hmac.digest(KEY, payload, "sha256").hex().encode() + b" " + payload + b"\n"
    assert records.read(line, KEY).fault == "a record on the private descriptor cannot be read"


def test_keys_differ() -> None:
    keys: set[Any] = {records.new_key() for _ in range(8)}
    assert len(keys) == 8 and {len(key) for key in keys} == {32}
