from app.model.forge import CheckRun
from app.model.job import Job, Kind
from app.store import records
from app.store.records import Record
from app.workflows.reconcile import GATE, STEPS
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
