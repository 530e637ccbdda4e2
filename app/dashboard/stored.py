"""What the pages show, read from the store.

How the gate stood comes from the audit chain: each time that it stands in another way, a record about the pull request
is appended there, whose facts are those of `app.views.gate_facts`."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.dashboard.plain import Plain, number, rows, text, texts, truth
from app.dashboard.reading import Brief, Entry, Health, Record, Running, Stood, Stopped, Vote
from app.dashboard.undoing import enqueued
from app.model.modification import Status
from app.model.stop import Stop, account
from app.store import audit, records
from app.store.chain import Link
from app.store.connect import Store
from app.store.proposed import modifications, stops
from app.views import decision as decisions
from app.views.gate import undoing
from app.views.gate_facts import KIND as GATE
from app.views.oversight.plain import KIND as OVERSIGHT

_SHOWN = {
    GATE: ("head", "stands", "said", "counted", "blocking", "mode"),
    OVERSIGHT: ("head", "level", "said"),
    enqueued.KIND: ("actor",),  # the reason is in the record of what came of it: it may be a stranger's
}
"""The facts of a kind of audit records that the history shows; of others all."""
MOST = 200
"""Audit records that are read for a page."""
PRESSES = 10
"""Presses of the button that the history shows: anybody may press."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Answers the pages. `jobs` and `parts` come from what runs jobs and what watches the server."""

    store: Store
    jobs: Callable[[], Sequence[Running]] = tuple
    parts: Callable[[], Sequence[Health]] = tuple

    def record(self, id: str) -> Record | None:
        found = records.get(self.store, id)
        return _record(found) if found is not None else None

    def of_pull(self, repository: str, number: int) -> Sequence[Record]:
        return [_record(each) for each in records.of_pull(self.store, repository, number)]

    def listed(self, repository: str, number: int) -> Sequence[Brief]:
        found = records.listed(self.store, repository, number)
        return [Brief(each.id, each.head, each.level, each.finished) for each in found]

    def newest(self, most: int) -> Sequence[Record]:
        return [_record(each) for each in records.recent(self.store, most=most)]

    def stood(self, records: Sequence[Record]) -> Mapping[str, Stood]:
        """Of one pull request all of its records of the chain are looked at, of several the newest of the whole
        chain."""
        subjects = {(each.repository, _subject(each)) for each in records}
        if len(subjects) == 1:
            links = audit.about(self.store, *subjects.pop(), MOST)
        else:
            links = tuple(reversed(audit.newest(self.store, GATE, MOST))) if subjects else ()
        found: dict[str, Stood] = {}
        for link in links:  # the oldest first: the last word counts
            facts = _facts(link)
            if link.kind == GATE:
                found[text(facts, "record")] = _stood(facts)
        return {each.id: found[each.id] for each in records if each.id in found}

    def history(self, record: Record) -> Sequence[Entry]:
        links = list(audit.about(self.store, record.repository, _subject(record), MOST))
        links += audit.about(self.store, record.repository, enqueued.subject(record), PRESSES)
        links.sort(key=lambda link: link.number)
        return [Entry(each.number, each.time, each.kind, _told(each)) for each in links]

    def undo(self, record: Record) -> str:
        made = modifications.of_pull(self.store, record.repository, record.number) if record.number else None
        return undoing(made.id) if made is not None and made.status is Status.APPLIED else ""

    def running(self) -> Sequence[Running]:
        return self.jobs()

    def health(self) -> Sequence[Health]:
        return self.parts()

    def stopped(self) -> Sequence[Stopped]:
        return [_stopped(each) for each in stops.all_holding(self.store)]


def _stopped(stop: Stop) -> Stopped:
    where = f"{stop.repository} #{stop.number}" if stop.number else stop.where
    return Stopped(where, account(stop.by), stop.why, stop.at, stop.remedy.replace("`", ""))


def _subject(record: Record) -> str:
    return f"{record.repository}#{record.number}"


def _record(found: records.Record) -> Record:
    return Record(
        id=found.id,
        repository=found.repository,
        number=found.number,
        base=found.base,
        head=found.head,
        document=found.document,
        decision=decisions.document(found.decision) if found.decision is not None else {},
        configuration=found.configuration,
        who=found.who,
        started=found.started,
        finished=found.finished,
    )


def _facts(link: Link) -> Plain:
    """Of a record that somebody may have changed in the database: nothing where it is no object."""
    try:
        found = json.loads(link.facts)
    except (ValueError, RecursionError):
        return {"facts": link.facts}
    return found if isinstance(found, dict) else {"facts": link.facts}


def _told(link: Link) -> Mapping[str, Any]:
    """What the history shows: of the gate only how it stood, of the orchestrator's review its verdict; the page has the
    rest."""
    facts, names = _facts(link), _SHOWN.get(link.kind)
    return facts if names is None else {name: facts[name] for name in names if name in facts}


def _stood(facts: Plain) -> Stood:
    votes = tuple(
        Vote(text(each, "login"), text(each, "how"), text(each, "commit"), truth(each, "counts"), text(each, "why"))
        for each in rows(facts, "seen")
    )
    return Stood(
        stands=text(facts, "stands"),
        said=text(facts, "said"),
        remedy=text(facts, "remedy"),
        holds=text(facts, "mode") == "enforce",
        needed=number(facts, "needed"),
        given=len(texts(facts, "counted")),
        votes=votes,
        excluded=tuple((text(each, "login"), text(each, "why")) for each in rows(facts, "excluded")),
        faults=texts(facts, "faults"),
        configuration=text(facts, "configuration"),
        values=tuple((text(each, "key"), text(each, "value"), text(each, "origin")) for each in rows(facts, "values")),
    )
