import logging
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import cast

import pytest

from app.model.forge import CheckRun, Sent
from app.model.job import Job, Kind
from app.model.trouble import Unavailable
from app.store import marks, records
from app.store.records import Record
from app.views import faults
from app.workflows import host, reconcile
from app.workflows.reconcile import GATE, LOOKED, OVERLAP, SINCE, STEPS
from app.workflows.reviewing import reports
from app.workflows.reviewing.subject import Subject
from app.workflows.steps import run_all
from checks.settings import PLACE
from tests.forges import REPOSITORY, Forge


def everything(again: str = "hour") -> Job:
    return Job(Kind.RECONCILE, "", 0, again=again)


def test_each_repository_gets_a_job(forge: Forge) -> None:
    state = run_all(STEPS, forge.tools(), everything())
    assert state["repositories"] == 1
    assert [(each.repository, each.installation) for each in forge.enqueued] == [(REPOSITORY, forge.installation)]


def test_an_open_pull_request_without_a_report_is_reviewed(forge: Forge) -> None:
    missed, reported, fresh = (forge.pull(each, {f"{each}.py": ""}) for each in ("missed", "reported", "fresh"))
    for each in (missed, reported):
        each.issue.updated -= 3600
    forge.host.put_run(CheckRun(GATE, reported.head, "key", "a title", "a summary"))
    base = forge.host.branch("main") or ""
    records.put(forge.store, Record(REPOSITORY, reported.number, base, reported.head, base, {}))
    run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again="hour"))
    assert [(each.kind, each.number, each.head) for each in forge.enqueued] == [
        (Kind.REVIEW, missed.number, missed.head)
    ]
    assert fresh.number not in [each.number for each in forge.enqueued]


def test_what_was_judged_by_another_configuration_is_reviewed(forge: Forge) -> None:
    pull = forge.pull()
    pull.issue.updated -= 3600
    base = forge.host.branch("main")
    assert base
    records.put(forge.store, Record(REPOSITORY, pull.number, base, pull.head, base, {}))
    forge.host.put_run(CheckRun(GATE, pull.head, "key", "a title", "a summary"))
    for path, reviewed in (("other.py", []), (PLACE, [pull.number])):
        forge.github.push(REPOSITORY, "main", {path: "mode: enforce\n"}, by="ann")
        run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again="hour"))
        assert [each.number for each in forge.enqueued] == reviewed


@pytest.mark.parametrize("newest", [0, 9])
def test_what_waits_for_its_review_is_not_asked_for_each_hour(
    forge: Forge, monkeypatch: pytest.MonkeyPatch, newest: int
) -> None:
    """Where many are outdated at once they wait for hours: each look would add all of them to the queue once more."""
    pull = forge.pull()
    pull.issue.updated -= 3600
    base = forge.host.branch("main") or ""
    records.put(forge.store, Record(REPOSITORY, pull.number, base, pull.head, base, {}))
    forge.host.put_run(CheckRun(GATE, pull.head, "key", "a title", "a summary"))
    forge.github.push(REPOSITORY, "main", {PLACE: "mode: enforce\n"}, by="ann")
    monkeypatch.setattr(reconcile, "PULLS", newest)
    asked = []
    for hour in (2400, 2401, 2405, 2406):
        run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again=str(hour)))
        asked.append(len({each.identity for each in forge.enqueued}))
    assert asked == [1, 1, 1, 2]
    now = forge.host.branch("main") or ""
    records.put(forge.store, Record(REPOSITORY, pull.number, now, pull.head, now, {}))
    forge.github.push(REPOSITORY, "main", {PLACE: "mode: propose\n"}, by="ann")
    run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again="2406"))
    assert len({each.identity for each in forge.enqueued}) == 3


def test_older_ones_than_github_is_asked_about_are_reviewed_too(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their success is of `observe`, and `enforce` came since. No more at once than one look may start."""
    base = forge.host.branch("main") or ""
    pulls = [forge.pull(each, {f"{each}.py": ""}) for each in ("oldest", "older", "old", "new")]
    for each in pulls:
        each.issue.updated -= 3600
        records.put(forge.store, Record(REPOSITORY, each.number, base, each.head, base, {}))
        forge.host.put_run(CheckRun(GATE, each.head, "key", "a title", "a summary"))
    monkeypatch.setattr(reconcile, "PULLS", 1)
    monkeypatch.setattr(reconcile, "MOST_OLDER", 2)
    assert run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again="1"))["missed"] == []
    forge.github.push(REPOSITORY, "main", {PLACE: "mode: enforce\n"}, by="ann")
    oldest, older, old, new = (each.number for each in pulls)
    assert run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again="2"))["missed"] == [new, old, older]
    now = forge.host.branch("main") or ""
    for each in pulls[1:]:
        records.put(forge.store, Record(REPOSITORY, each.number, now, each.head, now, {}))
    assert run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again="3"))["missed"] == [oldest]


def test_what_was_reported_and_has_no_record_is_reviewed_once(forge: Forge) -> None:
    """Approvals would be weighed by nothing. Of a head that can have no record none is judged each hour."""
    lost, begun = (forge.pull(each, {f"{each}.py": ""}) for each in ("lost", "begun"))
    for each in (lost, begun):
        each.issue.updated -= 3600
    forge.host.put_run(CheckRun(GATE, lost.head, "key", "waits for an approval", "a summary"))
    forge.host.put_run(faults.begun(GATE, begun.head, "key"))
    for hour in ("1", "2"):
        state = run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again=hour))
        assert state["missed"] == [lost.number]
    assert len({each.identity for each in forge.enqueued}) == 1
    base = forge.host.branch("main") or ""
    records.put(forge.store, Record(REPOSITORY, lost.number, base, lost.head, base, {}))
    assert run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again="3"))["missed"] == []


def test_what_was_begun_and_never_ended_is_begun_anew_once(forge: Forge) -> None:
    """Its workflow ended where it could not say so: the App was suspended just then."""
    slow, lost = (forge.pull(each, {f"{each}.py": ""}) for each in ("slow", "lost"))
    slow.issue.updated -= 11 * 3600
    lost.issue.updated -= 13 * 3600
    for each in (slow, lost):
        forge.host.put_run(faults.begun(GATE, each.head, "key"))
    for hour in ("1", "2"):
        run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again=hour))
    assert {each.number for each in forge.enqueued} == {lost.number}
    assert len({each.identity for each in forge.enqueued}) == 1


@pytest.mark.parametrize(
    ("title", "written", "hours", "again"),
    [
        (reconcile.BEGUN, False, 13, 1),  # it was judged, and nothing of that said
        (reconcile.BEGUN, True, 13, 1),  # and asked for once more
        (reconcile.BEGUN, False, 11, 0),
        ("waits for an approval", False, 13, 1),  # labels, comment, requests and the audit's line are missing
        ("waits for an approval", False, 11, 0),
        ("waits for an approval", True, 13, 0),
    ],
)
def test_what_was_judged_and_never_ended_is_begun_anew_once(
    forge: Forge, title: str, written: bool, hours: int, again: int
) -> None:
    pull = forge.pull()
    pull.issue.updated -= hours * 3600
    base = forge.host.branch("main") or ""
    record = Record(REPOSITORY, pull.number, base, pull.head, base, {"assessment": {"level": "SAFE"}, "passed": True})
    records.put(forge.store, record)
    forge.host.put_run(CheckRun(GATE, pull.head, "key", title, "a summary"))
    if written:
        state = asdict(Subject(pull.number, pull.head, base, "main", 1, "key")) | {"record": record.id}
        reports.write_down(forge.tools(), forge.job(Kind.REVIEW, pull.number, head=pull.head), state)
    for hour in ("1", "2"):
        run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again=hour))
    assert len({each.identity for each in forge.enqueued}) == again


def test_the_same_hour_asks_for_the_same_work(forge: Forge) -> None:
    pull = forge.pull()
    pull.issue.updated -= 3600
    for hour in ("1", "1", "2"):
        run_all(STEPS, forge.tools(), forge.job(Kind.RECONCILE, again=hour))
    assert len({each.identity for each in forge.enqueued}) == 2


def test_failed_deliveries_are_asked_for_again(forge: Forge) -> None:
    forge.github.hook_url(forge.credentials, "http://127.0.0.1:9/webhooks/github")  # nobody listens there
    forge.pull()
    forge.github.hooks.settle()
    before = len(forge.github.deliveries(forge.credentials))
    assert before
    state = run_all(STEPS, forge.tools(), everything())
    assert state["redelivered"] == before
    forge.github.hooks.settle()
    assert len(forge.github.deliveries(forge.credentials)) == 2 * before


@dataclass
class Sender:
    """Has sent these deliveries in vain; `faults` are raised one a call of `redeliver`, from the last to the first."""

    sent: Sequence[Sent] = ()
    faults: list[Exception] = field(default_factory=list)
    since: float = 0.0
    redelivered: list[int] = field(default_factory=list)

    def deliveries(self, since: float) -> tuple[Sent, ...]:
        self.since = since
        return tuple(each for each in self.sent if each.at >= since)

    def redeliver(self, id: int) -> None:
        if self.faults:
            raise self.faults.pop()
        self.redelivered.append(id)


def looked(forge: Forge, sender: Sender) -> float:
    """How many seconds back a look went."""
    began = time.time()
    reconcile.redeliver(replace(forge.tools(), forge=cast(host.Forge, sender)), everything(), {})
    return began - sender.since


def test_a_look_goes_back_to_the_last_one_that_came_to_its_end(forge: Forge) -> None:
    assert looked(forge, Sender()) == pytest.approx(SINCE, abs=60)
    assert looked(forge, Sender()) == pytest.approx(OVERLAP, abs=60)
    marks.put(forge.store, LOOKED, time.time() - 7200)
    broken = Sender([Sent(1, "a", "push", time.time())], [Unavailable("GitHub is away")])
    with pytest.raises(Unavailable):
        looked(forge, broken)
    assert looked(forge, Sender()) == pytest.approx(7200 + OVERLAP, abs=60), "the last look did not end"
    assert looked(forge, Sender()) == pytest.approx(OVERLAP, abs=60)


@pytest.mark.parametrize(
    ("mark", "back"), [(-10 * SINCE, SINCE), (10 * SINCE, OVERLAP)], ids=["long ago", "of a clock that was ahead"]
)
def test_a_look_goes_neither_too_far_back_nor_into_the_future(forge: Forge, mark: float, back: float) -> None:
    marks.put(forge.store, LOOKED, time.time() + mark)
    assert looked(forge, Sender()) == pytest.approx(back, abs=60)


def test_what_is_too_much_for_one_look_is_told_and_left_for_the_next(
    forge: Forge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reconcile, "MOST", 2)
    now = time.time()
    sent = [Sent(number, str(number), "push", now - 50_000 + 5_000 * number) for number in range(5)]
    with caplog.at_level(logging.WARNING):
        looked(forge, first := Sender(sent))
    assert first.redelivered == [0, 1]
    assert "5 deliveries failed: the oldest 2 are asked for again, 3 wait" in caplog.text
    looked(forge, second := Sender(sent[2:]))
    assert second.redelivered == [2, 3]
    caplog.clear()
    looked(forge, third := Sender(sent[4:]))
    assert third.redelivered == [4]
    assert not caplog.records
    assert looked(forge, Sender()) == pytest.approx(OVERLAP, abs=60)
