"""The table of events, who may cause what, and payloads that are not what they should be."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.commands.grammar import fingerprint
from app.model.delivery import Delivery
from app.model.job import MOVED, PUSHED, Job, Kind
from app.webhooks.triggers import TRIGGERS, jobs
from tests.app.webhooks.payloads import APP, BASE, GUID, HEAD, check, comment, delivery, group, pull, push

EXAMPLES = Path("tests/complete/node_modules/@octokit/webhooks-examples/api.github.com/index.json")
BOT = {"login": "dependabot[bot]", "id": 8, "type": "Bot"}


def only(event: str, payload: object) -> Job:
    """The one job of a delivery."""
    (job,) = jobs(delivery(event, payload), APP)
    return job


@pytest.mark.parametrize("action", ["opened", "ready_for_review", "synchronize", "reopened"])
@pytest.mark.parametrize("draft", [False, True])
def test_a_pull_request_is_reviewed(action: str, draft: bool) -> None:
    payload = pull(action)
    payload["pull_request"]["draft"] = draft
    job = jobs(delivery("pull_request", payload), APP)[0]
    assert (job.kind, job.repository, job.installation) == (Kind.REVIEW, "acme/shop", 9)
    assert (job.number, job.head, job.reason, job.delivery) == (12, HEAD, action, GUID)
    assert (job.actor, job.account) == ("ann", 3)


def test_one_head_is_one_job_however_it_is_told_of() -> None:
    ready, gate = jobs(delivery("pull_request", pull("ready_for_review")), APP)
    assert only("pull_request", pull("opened")).identity == ready.identity
    assert (gate.kind, gate.reason) == (Kind.GATE, "ready_for_review")


@pytest.mark.parametrize("action", ["synchronize", "reopened"])
def test_a_head_that_comes_back_is_a_job_of_its_own(action: str) -> None:
    """Pushed, replaced, and pushed back: the first job was cancelled and must not count as the third."""
    first = only("pull_request", pull("opened"))
    back = jobs(delivery("pull_request", pull(action, before="c1" * 20)), APP)[0]
    again = jobs(delivery("pull_request", pull(action, before="c2" * 20)), APP)[0]
    same = jobs(delivery("pull_request", pull(action, before="c2" * 20), "another"), APP)[0]
    assert len({first.identity, back.identity, again.identity}) == 3
    assert same.identity == again.identity


def test_a_push_tells_the_gate_by_whom_and_what_was_left() -> None:
    """A commit that two pull requests had is one's alone now: nothing else would tell the other."""
    review, told = jobs(delivery("pull_request", pull("synchronize", before="c1" * 20)), APP)
    assert (review.kind, review.head) == (Kind.REVIEW, HEAD)
    assert (told.kind, told.number, told.head, told.reason, told.actor) == (Kind.GATE, 12, "c1" * 20, PUSHED, "ann")


def test_another_base_is_another_job_and_another_title_none() -> None:
    moved = pull("edited", changes={"base": {"ref": {"from": "main"}, "sha": {"from": BASE}}})
    assert only("pull_request", moved).identity != only("pull_request", pull("opened")).identity
    assert jobs(delivery("pull_request", pull("edited", changes={"title": {"from": "x"}})), APP) == ()
    assert jobs(delivery("pull_request", pull("edited")), APP) == ()


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("pull_request", pull("closed")),
        ("pull_request", pull("labeled", label={"name": "selfmod: MEDIUM_RISK"})),
        ("pull_request", pull("unlabeled", label={"name": "review required"})),
        ("pull_request_review", pull("submitted", review={"state": "approved"})),
        ("pull_request_review", pull("edited", review={"state": "commented"})),
        ("pull_request_review", pull("dismissed", review={"state": "dismissed"})),
    ],
)
def test_the_gate_weighs_anew_each_time(event: str, payload: dict[str, Any]) -> None:
    job = only(event, payload)
    assert (job.kind, job.number, job.head) == (Kind.GATE, 12, HEAD)
    later = only(event, payload | {"later": True})
    assert later.identity != job.identity


@pytest.mark.parametrize("sender", [BOT, {"login": "x", "id": 1}, None])
def test_painting_asks_for_no_painting(sender: object) -> None:
    payload = pull("labeled", label={"name": "selfmod: SAFE"}) | {"sender": sender}
    assert jobs(delivery("pull_request", payload), APP) == ()


def test_labels_of_others_are_nothing_to_us() -> None:
    assert jobs(delivery("pull_request", pull("labeled", label={"name": "bug"})), APP) == ()


def test_a_rerun_is_a_review_of_that_commit() -> None:
    job = only("check_run", check("check_run", "rerequested"))
    assert (job.kind, job.number, job.head, job.needs) == (Kind.REVIEW, 12, HEAD, "")
    assert job.identity != only("pull_request", pull("opened")).identity


def test_a_button_says_which_and_who() -> None:
    job = only("check_run", check("check_run", "requested_action", requested_action={"identifier": "approve"}))
    assert (job.kind, job.reason, job.actor, job.account, job.needs) == (Kind.GATE, "approve", "ann", 3, "write")


@pytest.mark.parametrize("pulls", [[], [{"number": 13, "base": {"repo": {"id": 5}}}]])
def test_the_button_of_what_was_merged_goes_by_its_commit(pulls: list[dict[str, Any]]) -> None:
    """Whatever open pull request has the same commit."""
    payload = check("check_run", "requested_action", pulls=pulls, requested_action={"identifier": "rollback"})
    job = only("check_run", payload)
    assert (job.kind, job.number, job.head, job.actor, job.needs) == (Kind.ROLLBACK, 0, HEAD, "ann", "write")
    other = check("check_run", "requested_action", APP + 1, pulls=pulls, requested_action={"identifier": "rollback"})
    assert jobs(delivery("check_run", other), APP) == ()


@pytest.mark.parametrize("of", ["check_run", "check_suite"])
def test_checks_of_other_apps_are_theirs(of: str) -> None:
    for app in (APP + 1, None, "77", 77.0, True):
        assert jobs(delivery(of, check(of, "rerequested", app)), APP) == ()


def test_a_suite_is_a_review_of_each_pull_request_here() -> None:
    """Others of the network have the same commit and numbers of their own; of forks GitHub lists none."""
    here, there = {"repo": {"id": 5}}, {"repo": {"id": 6}}
    listed = [{"number": 12, "base": here}, {"number": 13, "base": there}, {"number": 14, "base": here}, 7, {}]
    found = jobs(delivery("check_suite", check("check_suite", "rerequested", pulls=listed)), APP)
    assert [job.number for job in found] == [12, 14]
    assert len({job.identity for job in found}) == 2
    for none in ([], [{"number": 13, "base": there}]):
        (job,) = jobs(delivery("check_suite", check("check_suite", "rerequested", pulls=none)), APP)
        assert (job.number, job.head) == (0, HEAD)


def test_a_merge_group() -> None:
    job = only("merge_group", group())
    assert (job.kind, job.head, job.base, job.number) == (Kind.GROUP, HEAD, BASE, 0)
    assert jobs(delivery("merge_group", group("destroyed")), APP) == ()


PLAIN = {"added": [], "removed": [], "modified": ["a.py"]}


@pytest.mark.parametrize(
    ("payload", "asks"),
    [
        (push("refs/heads/main", ".github/selfmod.yml"), True),
        (push("refs/heads/release/1.x", "CODEOWNERS"), True),
        (push("refs/heads/main", ".github/CODEOWNERS"), True),
        (push("refs/heads/main", commits=[PLAIN | {"removed": ["docs/CODEOWNERS"]}]), True),
        (push("refs/heads/main", commits=[PLAIN, PLAIN | {"added": [".github/selfmod.yml"]}]), True),
        (push("refs/heads/main"), False),
        (push("refs/heads/main", ".github/selfmod.yml.bak", "x/.github/selfmod.yml", "src/CODEOWNERS"), False),
        # what is not shown counts as changed: the job compares
        (push("refs/heads/main", forced=True), True),
        (push("refs/heads/main", commits=[]), True),
        (push("refs/heads/main", commits=None), True),
        (push("refs/heads/main", commits=[PLAIN] * 20), True),
        (push("refs/heads/main", commits=[PLAIN] * 19), False),
        (push("refs/heads/main", commits=[PLAIN | {"modified": None}]), True),
        (push("refs/heads/main", commits=[PLAIN | {"modified": [f"{n}.py" for n in range(300)]}]), True),
        # a branch that is no longer, or was not there, has no pull requests into it; a tag never has
        (push("refs/heads/main", ".github/selfmod.yml", deleted=True), False),
        (push("refs/heads/main", ".github/selfmod.yml", created=True), False),
        (push("refs/tags/v1", ".github/selfmod.yml"), False),
        (push("main", ".github/selfmod.yml"), False),
    ],
)
def test_a_push_that_may_change_what_is_judged_by(payload: dict[str, Any], asks: bool) -> None:
    found = jobs(delivery("push", payload), APP)
    assert len(found) == asks
    for job in found:
        assert (job.kind, job.head, job.number, job.actor) == (Kind.BRANCH, HEAD, 0, "")
        assert job.branch == payload["ref"].removeprefix("refs/heads/")


@pytest.mark.parametrize(
    ("payload", "asks"),
    [
        (push("refs/heads/main"), True),
        (push("refs/heads/topic"), False),
        (push("refs/heads/main", deleted=True), False),
        (push("refs/heads/main", created=True), False),
        (push("refs/tags/main"), False),
    ],
)
def test_a_push_that_proposals_follow(payload: dict[str, Any], asks: bool) -> None:
    payload["repository"] = payload["repository"] | {"default_branch": "main"}
    found = jobs(delivery("push", payload), APP)
    assert [(each.kind, each.reason, each.branch) for each in found] == [(Kind.BRANCH, MOVED, "main")] * asks


def test_two_branches_at_one_commit_are_two_jobs() -> None:
    one, other = (only("push", push(f"refs/heads/{name}", "CODEOWNERS")) for name in ("main", "next"))
    assert one.identity != other.identity


def test_a_comment_of_a_person() -> None:
    job = only("issue_comment", comment("Looks fine.\r\n/selfmod fix\r\n"))
    assert (job.kind, job.number, job.comment, job.actor, job.account) == (Kind.COMMENT, 12, 41, "ann", 3)
    assert (job.asked, job.head) == ("2026-11-02T10:00:00Z", "")


def test_a_comment_goes_with_what_it_said() -> None:
    first = only("issue_comment", comment("/selfmod help"))
    assert first.words == fingerprint("Please.\r\n\r\n/selfmod help\r\n")
    assert first.words != only("issue_comment", comment("/selfmod approve 3f9c2e1")).words
    assert first.identity == replace(first, words="").identity


@pytest.mark.parametrize(
    "payload",
    [
        comment("/selfmod fix", "edited"),
        comment("/selfmod fix", "deleted"),
        comment("/selfmod fix", performed_via_github_app={"id": 1}),
        comment("/selfmod fix", user={"id": 4, "login": "eve"}),
        comment("/selfmod fix") | {"sender": BOT},
        comment("nothing for us"),
    ],
)
def test_comments_that_are_no_requests(payload: dict[str, Any]) -> None:
    assert jobs(delivery("issue_comment", payload), APP) == ()


def good() -> Iterator[tuple[str, dict[str, Any]]]:
    """A payload for each trigger that asks for something."""
    yield "pull_request", pull("opened")
    yield "pull_request", pull("closed")
    yield "pull_request", pull("labeled", label={"name": "selfmod: SAFE"})
    yield "pull_request_review", pull("submitted")
    yield "check_run", check("check_run", "rerequested")
    yield "check_run", check("check_run", "requested_action", requested_action={"identifier": "fix"})
    yield "check_suite", check("check_suite", "rerequested")
    yield "merge_group", group()
    yield "issue_comment", comment("/selfmod help")
    yield "push", push("refs/heads/main", ".github/selfmod.yml")


def paths(value: object, *above: str) -> Iterator[tuple[str, ...]]:
    """The path to every value of an object."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*above, name)
            yield from paths(inner, *above, name)


def bent(payload: dict[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    """The payload with another value at a path."""
    copied: Any = copy.deepcopy(payload)
    inner = copied
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return dict(copied)


BAD: dict[str, list[object]] = {
    "full_name": ["acme", "acme/..", "acme/.", "../x", "a/b/c", "acme/shop\n", "-/ü", "", None, 5, ["acme/shop"]],
    "sha": ["main", HEAD[:39], HEAD.upper(), HEAD + "\n", f"--upload-pack={HEAD}", "", None, 5],
    "ref": ["main", "refs/tags/v1", "refs/heads/", "refs/heads/a b", "refs/heads/\ud800", "refs/heads/a\0b", None, 5],
    "after": ["HEAD", HEAD[:7], None],
    "head_sha": ["HEAD", HEAD[:7], None],
    "base_sha": ["HEAD", HEAD[:7], None],
    "number": [0, -1, 2**63, 1.5, True, "12", None, [12]],
    "login": ["", "a b", "ann\n", "@ann", "<b>", None, 5, "[bot]"],
    "identifier": ["", "a b", "x" * 21, "fix\x1b[2J", None],
    "created_at": ["", "yesterday", "2026-11-02T10:00:00Z\n", None],
}


@pytest.mark.parametrize(("event", "payload"), list(good()))
def test_a_wrong_value_asks_for_nothing(event: str, payload: dict[str, Any]) -> None:
    assert jobs(delivery(event, payload), APP)
    unread = {("sender", "id"), ("repository", "id"), ("comment", "user", "login")}
    unread |= {("pull_request", "base", each) for each in ("sha", "ref")}
    tried = 0
    for path in paths(payload):
        for value in BAD.get(path[-1], []):
            if path in unread or path == ("number",) or (path[-1] == "login" and event in ("merge_group", "push")):
                continue
            assert jobs(delivery(event, bent(payload, path, value)), APP) == (), (path, value)
            tried += 1
    assert tried > 10
    others: list[object] = [{"id": None}, {"id": "9"}, {"id": 0}, {}, None, [], "9"]
    for missing in others:
        assert jobs(delivery(event, payload | {"installation": missing}), APP) == ()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"action":' + b"[" * 900 + b"]" * 900 + b"}"],
)
@pytest.mark.parametrize("event", sorted({event for event, _ in TRIGGERS}))
def test_a_body_that_is_no_payload(event: str, body: bytes) -> None:
    assert jobs(Delivery(GUID, event, body, 0.0), APP) == ()


def test_a_number_of_many_digits_is_none() -> None:
    body = json.dumps(pull("opened")).replace('"number": 12', f'"number": {"9" * 5000}').encode()
    assert jobs(Delivery(GUID, "pull_request", body, 0.0), APP) == ()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_value_anywhere_makes_it_raise(data: st.DataObject) -> None:
    event, payload = data.draw(st.sampled_from(list(good())))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(paths(payload))))
        payload = bent(payload, path, data.draw(ANYTHING))
    for job in jobs(delivery(event, payload), APP):
        assert Job.of(json.loads(json.dumps(job.plain()))) == job


def examples() -> list[tuple[str, dict[str, Any]]]:
    """All published example payloads with the name of their event."""
    return [(event["name"], example) for event in json.loads(EXAMPLES.read_bytes()) for example in event["examples"]]


@pytest.mark.complete
def test_every_published_example_is_taken_or_ignored() -> None:
    """And those of an App that are about it do ask for something; without an installation nothing does. (The button
    of the examples is none of ours: it is called `lgtm|26764`.)"""
    found: dict[str, set[str]] = {}
    for event, example in examples():
        own = example.get(event, {}).get("app", {}).get("id", APP) if event.startswith("check_") else APP
        asked = jobs(delivery(event, example), own)
        assert not asked or example["installation"]["id"]
        for job in asked:
            found.setdefault(f"{event}.{example['action']}", set()).add(job.kind)
    assert len(examples()) == 329
    assert found == {
        "check_run.rerequested": {"review"},
        "check_suite.rerequested": {"review"},
        "merge_group.checks_requested": {"group"},
        "pull_request.closed": {"gate"},
        "pull_request.opened": {"review"},
        "pull_request.ready_for_review": {"gate", "review"},
        "pull_request.reopened": {"review"},
        "pull_request.synchronize": {"gate", "review"},
        "pull_request_review.dismissed": {"gate"},
        "pull_request_review.submitted": {"gate"},
    }


@pytest.mark.complete
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_changed_example_is_taken_or_ignored(data: st.DataObject) -> None:
    event, example = data.draw(st.sampled_from(examples()))
    example = example | {"installation": {"id": 1}}
    bending = bent(example, data.draw(st.sampled_from(list(paths(example)))), data.draw(ANYTHING))
    for job in jobs(delivery(event, bending), APP):
        assert Job.of(job.plain()) == job
