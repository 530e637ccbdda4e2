"""The form of the audit chain, and what a look at it proves.

Each record is hashed over its canonical form, which is this array as JSON in ASCII with no spaces, the keys of objects
sorted, written out as bytes:

    ["selfmod-audit-1", number, time, kind, repository, subject, facts, once, previous]

`number` counts from 1 without gaps, `time` is ISO 8601 in UTC with microseconds, `facts` an object, `once` a string
that no two records share, `previous` the hash of the record before (empty for the first). The hash is SHA-256 in
hexadecimal, or HMAC-SHA256 where there is a key. A row apart, the head, has number and hash of the last record and a
seal: the same over `["selfmod-audit-head-1", number, hash]`.

What it proves. Without a key: nobody changed, removed, inserted or reordered single records, or cut the end off, unless
he computed everything behind it anew, the head too; who may write to the whole database can do that. With a key
(SELFMOD_AUDIT_KEY, kept outside the database) he cannot; what is left to him is to put the database back to how it once
was, head included. Against that somebody keeps a head that `verify` printed elsewhere, and gives it to a later
`verify`: the chain must still go through it. Whoever has the running server has the key, and writes what he likes from
then on, though what stands there already stays provable by heads that were kept elsewhere."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.store.text import canonical

PRUNED = "audit.pruned"
"""The kind of the record that a removal leaves: its facts have `through` (the number of the last record that was
removed) and `hash` (of that record)."""
_FORM = '"selfmod-audit-1"'
_SEARCHED = 20_000
"""Numbers that are tried to tell a record that was moved from one that was changed."""


@dataclass(frozen=True, slots=True)
class Link:
    """One record as it is stored: `facts` is canonical JSON."""

    number: int
    time: str
    kind: str
    repository: str
    subject: str
    facts: str
    once: str
    previous: str
    hash: str = ""

    def line(self) -> str:
        """As a line of JSON."""
        names = ("number", "time", "kind", "repository", "subject", "once", "previous", "hash")
        values = {name: getattr(self, name) for name in names}
        try:
            return canonical(values | {"facts": json.loads(self.facts)})
        except (ValueError, TypeError, RecursionError):
            # somebody changed it: shown as it is, and named by verify
            return canonical({name: repr(value) for name, value in (values | {"facts": self.facts}).items()})


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends."""

    number: int
    hash: str
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first record that is not as it was written, and why."""

    number: int
    why: str


@dataclass(slots=True)
class Walk:
    """A look at a chain from its first record to its last; `known` is a head that it must still go through."""

    key: bytes
    head: Head
    known: Head | None = None
    count: int = 0
    _first: Link | None = None
    _last: Link | None = None
    _pruned: dict[Any, Any] = field(default_factory=dict)

    def run(self, links: Iterable[Link]) -> Broken | None:
        """Goes through all records, in the order of their numbers. None where all is as it was written."""
        rest = iter(links)
        for link in rest:
            if broken := self._step(link, rest):
                return broken
        return self._start() or self._end()

    def run_ends(self, beginning: Iterable[Link], end: Iterable[Link]) -> Broken | None:
        """Goes through both ends of a chain and leaves out what lies between: the records of the beginning, and those
        of the end, whose first is the removal that the beginning follows. None where both are as they were written."""
        tail = Walk(self.key, self.head)
        rest, more = iter(beginning), iter(end)
        for walk, links in ((self, rest), (tail, more)):
            for link in links:
                if broken := walk._step(link, links):
                    return broken
        self._pruned |= tail._pruned
        return self._start() or tail._end()

    @property
    def unproven(self) -> bool:
        """Whether the head that was kept is of a record that was pruned since: nothing can be said of it any more."""
        first = self._first
        return self.known is not None and first is not None and 0 < self.known.number < first.number

    def _step(self, link: Link, rest: Iterator[Link]) -> Broken | None:
        expected = self._last.number + 1 if self._last else link.number
        if link.number != expected:
            return Broken(expected, "it was removed" if link.number > expected else "its number is there twice")
        if digest(link, self.key) != link.hash:
            return Broken(link.number, _moved(link, self.key, rest))
        if self._last is not None and link.previous != self._last.hash:
            return Broken(link.number, "it does not follow the record before: that, or it, was put in")
        if self.known is not None and link.number == self.known.number and link.hash != self.known.hash:
            return Broken(link.number, "it is another one than the head that was kept says")
        if link.kind == PRUNED:
            facts = json.loads(link.facts)
            self._pruned[facts.get("through")] = facts.get("hash")
        self._first, self._last, self.count = self._first or link, link, self.count + 1
        return None

    def _start(self) -> Broken | None:
        """Where the first is not number 1, a record of the removal must be there, in the same chain."""
        first = self._first
        if first is None or (first.number == 1 and not first.previous):
            return None
        if self._pruned.get(first.number - 1) == first.previous:
            return None
        return Broken(max(1, first.number - 1), "it and all before it were removed, and not by prune")

    def _end(self) -> Broken | None:
        last = Head(self._last.number, self._last.hash) if self._last else Head(0, "")
        head = self.head
        if not hmac.compare_digest(head.seal, seal(head, self.key) if head.number else ""):
            return Broken(last.number, "the head of the chain was changed, or the key is another one")
        if last.number < head.number:
            return Broken(last.number + 1, f"the end was cut off: {head.number - last.number} records are missing")
        if last.number > head.number:
            return Broken(head.number + 1, "it was added behind the end")
        if last.hash != head.hash:
            return Broken(last.number, "it is another one than the head of the chain says")
        if self.known is not None and self.known.number > last.number:
            return Broken(last.number + 1, "the end was cut off: a head that was kept is further")
        return None


def digest(link: Link, key: bytes) -> str:
    """The hash of a record."""
    number, after = _plain(link.number), _after_number(link)
    return _hashed(f"[{_FORM},{number},{after}", key) if number and after else ""


def _after_number(link: Link) -> str:
    """What is hashed of a record behind its number, empty where its text is none that was ever written."""
    try:
        facts: Any = json.loads(link.facts)
        parts = [link.time, link.kind, link.repository, link.subject, facts, link.once, link.previous]
        # the text itself must be the canonical one: nothing else is what was written
        written = isinstance(facts, dict) and canonical(facts) == link.facts
        return canonical(parts)[1:] if written else ""
    except (ValueError, TypeError, RecursionError):  # no JSON, or a column that holds something else by now
        return ""


def _plain(number: object) -> str:
    """As JSON, empty where a column holds something else by now."""
    return str(number) if type(number) is int else ""


def seal(head: Head, key: bytes) -> str:
    """What proves a head, where there is a key."""
    return _hashed(canonical(["selfmod-audit-head-1", head.number, head.hash]), key)


def _hashed(text: str, key: bytes) -> str:
    content = text.encode()
    return hmac.digest(key, content, "sha256").hex() if key else hashlib.sha256(content).hexdigest()


def _moved(link: Link, key: bytes, rest: Iterator[Link]) -> str:
    """Why a record's hash does not fit: it is as it was, with another number, or it was changed."""
    place, after = link.number, _after_number(link)
    near = range(max(1, place - _SEARCHED), place + _SEARCHED) if after else range(0)
    for number in near:
        if _hashed(f"[{_FORM},{number},{after}", key) != link.hash:
            continue
        if number < place:
            return f"it is record {number}, moved: records were put in before it"
        if any(digest(_renumbered(each, place), key) == each.hash for each in rest):
            return f"it is record {number}: records were reordered"
        return f"it is record {number}, moved: records were removed before it"
    return "it was changed, or put in"


def _renumbered(link: Link, number: int) -> Link:
    return Link(
        number, link.time, link.kind, link.repository, link.subject, link.facts, link.once, link.previous, link.hash
    )
