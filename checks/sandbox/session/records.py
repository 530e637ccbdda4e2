"""Reads what came over the private descriptor: only records whose codes are right, in their order, count."""

import hmac
import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

RECORD_LIMIT = 8 * 1024 * 1024
"""Bytes of one record."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was observed inside. `value` is plain data from JSON and still hostile text."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Report:
    """`records` up to the first that does not hold; `fault` says in words what is wrong with the rest, empty where all
    hold and the last one is the end."""

    records: tuple[Record, ...] = field(repr=False)
    fault: str = ""

    def of(self, kind: str) -> list[Any]:
        """The values of all records of a kind."""
        return [each.value for each in self.records if each.kind == kind]


def new_key() -> bytes:
    """A key for one run."""
    return secrets.token_bytes(32)


def read(report: bytes, key: bytes) -> Report:
    """Checks each record (see `reporter/records.py` for their form) against the key and those that follow from it."""
    found: list[Record] = []
    lines = report.split(b"\n")
    tail = lines.pop()
    for line in lines:
        if found and found[-1].kind == "end":
            return Report(tuple(found), "something was written to the private descriptor after the end of the session")
        code, _, payload = line.partition(b" ")
        expected = hmac.digest(key, payload, "sha256").hex().encode()
        if len(line) > RECORD_LIMIT or not hmac.compare_digest(code, expected):
            return Report(tuple(found), "something else wrote to the private descriptor: a record has no valid code")
        key = sha256(b"next" + key).digest()
        record = _parsed(payload)
        if record is None:
            return Report(tuple(found), "a record on the private descriptor cannot be read")
        found.append(record)
    if not found or found[-1].kind != "end":
        return Report(tuple(found), "the session did not come to its end")
    if tail:
        return Report(tuple(found), "something was written to the private descriptor after the end of the session")
    return Report(tuple(found))


def _parsed(payload: bytes) -> Record | None:
    try:
        data = json.loads(payload)
        return Record(str(data["kind"]), data["value"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
