import time
from dataclasses import replace

import pytest

from app.commands.answering import STEPS
from app.commands.grammar import fingerprint
from app.model.job import Job, Kind
from app.standin.state import Pull
from app.store import grants, records
from app.store.records import Record
from app.workflows.steps import State, run_all
from tests.forges import REPOSITORY, Forge


def job(forge: Forge, number: int, comment: int, actor: str) -> Job:
    return forge.job(Kind.COMMENT, number, comment=comment, actor=actor, delivery="d")


def answered(forge: Forge, number: int, body: str, by: str) -> tuple[State, int]:
    comment = forge.say(number, body, by)
    return run_all(STEPS, forge.tools(), job(forge, number, comment, by)), comment


def report(forge: Forge, pull: Pull, later: float) -> None:
    """The head was reported on so many seconds from now."""
    made = Record(REPOSITORY, pull.number, "a" * 40, pull.head, "a" * 40, {}, finished=time.time() + later)
    records.put(forge.store, made)


def replies(forge: Forge, number: int) -> list[str]:
    return [each.body for each in forge.comments(number) if each.app is not None]


def test_a_command_is_seen_started_and_enqueued(forge: Forge) -> None:
    pull = forge.pull()
    _, comment = answered(forge, pull.number, "Once more please.\n\n/selfmod review", "bob")
    assert forge.reactions(comment) == ["eyes", "rocket"]
    (started,) = forge.enqueued
    assert (started.kind, started.number, started.head, started.needs) == (Kind.REVIEW, pull.number, pull.head, "write")
    assert replies(forge, pull.number) == []


def test_a_refusal_is_one_line_and_a_reaction(forge: Forge) -> None:
    pull = forge.pull()
    _, comment = answered(forge, pull.number, "/selfmod review", "eve")
    assert forge.reactions(comment) == ["eyes", "confused"]
    assert forge.enqueued == []
    (reply,) = replies(forge, pull.number)
    assert "😕 `/selfmod review` needs write access to this repository; `eve` has read." in reply
    assert "has read. Maintainers: @&#8203;ann." in reply


def test_ok_to_test_grants_the_head_and_starts_the_review(forge: Forge) -> None:
    pull = forge.pull()
    report(forge, pull, 0.0)
    answered(forge, pull.number, f"/selfmod ok-to-test {pull.head[:8]}", "cyd")
    granted = grants.granted(forge.store, REPOSITORY, pull.number, pull.head)
    assert granted is not None
    assert granted.by == "cyd"
    assert [each.reason for each in forge.enqueued] == ["ok-to-test"]


@pytest.mark.parametrize("command", ["ok-to-test", "approve"])
@pytest.mark.parametrize("later", [None, 5.0])
def test_a_short_name_is_not_taken_for_a_head_that_came_after_the_comment(
    forge: Forge, command: str, later: float | None
) -> None:
    """Two commits can be made that begin alike: the second is pushed once the first was named."""
    pull = forge.pull()
    if later is not None:
        report(forge, pull, later)
    _, comment = answered(forge, pull.number, f"/selfmod {command} {pull.head[:10]}", "cyd")
    assert forge.enqueued == []
    assert grants.granted(forge.store, REPOSITORY, pull.number, pull.head) is None
    assert f"name the commit with all its digits: `/selfmod {command} {pull.head}`" in replies(forge, pull.number)[0]
    assert "confused" in forge.reactions(comment)
    answered(forge, pull.number, f"/selfmod {command} {pull.head}", "cyd")
    assert [each.head for each in forge.enqueued] == [pull.head]


def test_ok_to_test_raced_by_a_push_grants_nothing(forge: Forge) -> None:
    pull = forge.pull()
    seen = pull.head
    comment = forge.say(pull.number, f"/selfmod ok-to-test {seen[:10]}", "cyd")
    pushed = forge.github.push(REPOSITORY, "topic", {"src/shop/cart.py": "import os\n"}, by="bob")
    run_all(STEPS, forge.tools(), job(forge, pull.number, comment, "cyd"))
    assert forge.enqueued == []
    assert grants.granted(forge.store, REPOSITORY, pull.number, seen) is None
    assert grants.granted(forge.store, REPOSITORY, pull.number, pushed) is None
    assert f"The head is `{pushed[:10]}` now" in replies(forge, pull.number)[0]


@pytest.mark.parametrize("by", ["eve", "mallory"])
def test_nobody_without_write_access_lets_a_fork_run(forge: Forge, by: str) -> None:
    pull = forge.pull()
    answered(forge, pull.number, f"/selfmod ok-to-test {pull.head}", by)
    assert grants.granted(forge.store, REPOSITORY, pull.number, pull.head) is None
    assert forge.enqueued == []


def test_permission_is_that_of_the_moment(forge: Forge) -> None:
    pull = forge.pull()
    comment = forge.say(pull.number, "/selfmod review", "bob")
    forge.repository.collaborators["bob"] = "read"
    run_all(STEPS, forge.tools(), job(forge, pull.number, comment, "bob"))
    assert forge.enqueued == []


@pytest.mark.parametrize("actor", ["ann", "selfmod[bot]"])
def test_whoever_the_delivery_names_must_have_written_the_comment(forge: Forge, actor: str) -> None:
    pull = forge.pull()
    comment = forge.say(pull.number, "/selfmod review", "bob")
    state = run_all(STEPS, forge.tools(), job(forge, pull.number, comment, actor))
    assert state == {"superseded": True}
    assert forge.reactions(comment) == []


def test_an_edited_comment_is_ignored(forge: Forge) -> None:
    pull = forge.pull()
    comment = forge.say(pull.number, "hello", "bob")
    found = next(each for each in forge.comments(pull.number) if each.id == comment)
    found.body, found.updated = "/selfmod review", found.created + 60
    assert run_all(STEPS, forge.tools(), job(forge, pull.number, comment, "bob")) == {"superseded": True}
    assert forge.enqueued == []


def test_a_comment_that_is_gone_is_ignored(forge: Forge) -> None:
    pull = forge.pull()
    assert run_all(STEPS, forge.tools(), job(forge, pull.number, 999_999, "bob")) == {"superseded": True}


def test_every_step_twice_leaves_one_of_each(forge: Forge) -> None:
    pull = forge.pull()
    comment = forge.say(pull.number, "/selfmod help\n/selfmod fxi\n/selfmod review", "bob")
    state: State = {}
    for step in STEPS:
        step.run(forge.tools(), job(forge, pull.number, comment, "bob"), dict(state))
        state |= step.run(forge.tools(), job(forge, pull.number, comment, "bob"), dict(state))
    assert sorted(forge.reactions(comment)) == ["confused", "eyes", "rocket"]
    (reply,) = replies(forge, pull.number)
    assert "| `/selfmod help [command]` |" in reply
    assert "unknown command" in reply
    assert len({each.identity for each in forge.enqueued}) == 1


def test_the_word_alone_on_an_issue_starts_the_offer(forge: Forge) -> None:
    number = forge.issue("What would you do here?", "ann")
    answered(forge, number, "/selfmod", "ann")
    assert [each.kind for each in forge.enqueued] == [Kind.ONBOARD]


@pytest.mark.parametrize("number", [0, 1])
def test_status_is_one_reply_and_starts_nothing(forge: Forge, number: int) -> None:
    """Whoever may read may ask, on a pull request and on an issue."""
    pull = forge.pull().number if number else forge.issue("What stands", "eve")
    _, comment = answered(forge, pull, "/selfmod status", "eve")
    assert forge.enqueued == []
    assert forge.reactions(comment) == ["eyes"]
    (reply,) = replies(forge, pull)
    assert ("This head is not judged yet." if number else "Open proposals: none.") in reply


def test_a_comment_that_is_edited_within_the_second_is_not_heard(forge: Forge) -> None:
    """Its times say nothing of it; what it said when it was written does."""
    pull = forge.pull()
    comment = forge.say(pull.number, "/selfmod review", "bob")
    made = replace(job(forge, pull.number, comment, "bob"), words=fingerprint("/selfmod help"))
    assert run_all(STEPS, forge.tools(), made) == {"superseded": True}
    assert forge.enqueued == []
    run_all(STEPS, forge.tools(), replace(made, words=fingerprint("/selfmod review\r\n")))
    (started,) = forge.enqueued
    assert started.words == ""
