"""From a comment to a pull request, its new base and its end, against the stand-in over HTTP."""

import pytest

from app.commands import answering
from app.model.job import Job, Kind
from app.model.modification import Modification, Status
from app.store import records
from app.store.proposed import modifications
from app.workflows import gate, review
from app.workflows.proposing import propose, upkeep
from app.workflows.steps import run_all
from checks.settings import PLACE
from tests.forges import REPOSITORY, Forge

LOADS = "import yaml\n\n\ndef load(text):\n    return yaml.load(text, Loader=yaml.Loader)\n"


def asked(forge: Forge, number: int, line: str) -> Job:
    """Somebody comments, and the job that this starts."""
    comment = forge.say(number, line, "bob")
    bob = forge.github.world.account("bob")
    assert bob is not None
    job = forge.job(Kind.COMMENT, number, comment=comment, actor="bob", account=bob.id)
    run_all(answering.STEPS, forge.tools(), job)
    return forge.enqueued.pop()


def now(forge: Forge, number: int) -> Modification:
    made = modifications.of_pull(forge.store, REPOSITORY, number)
    assert made is not None
    return made


def generator(forge: Forge, number: int) -> list[str]:
    """What the judgement of a pull request's head says of who made it."""
    pull = forge.repository.pull(number)
    assert pull is not None
    (record,) = records.of_head(forge.store, REPOSITORY, pull.head)
    return [each["seen"] for each in record.document["assessment"]["factors"] if each["name"] == "generator"]


@pytest.mark.complete
def test_from_a_comment_to_the_end(forge: Forge) -> None:
    first = {PLACE: "mode: propose\nallowed_commands: []\n", "src/shop/text.py": LOADS}
    forge.github.push(REPOSITORY, "main", first, by="ann")
    issue = forge.issue("Loads documents of strangers", "bob")
    job = asked(forge, issue, "/selfmod fix src/")
    run_all(propose.STEPS, forge.tools(), job)
    run_all(propose.STEPS, forge.tools(), job)
    (pull,) = forge.repository.pulls
    assert (pull.base_ref, pull.head_ref) == ("main", now(forge, pull.number).branch)
    commit = forge.repository.git.commit(pull.head)
    assert f"Selfmod-Modification: {now(forge, pull.number).id}\nRequested-by: @bob (account " in commit.message
    asked_by = commit.message.rstrip().splitlines()[-1]
    fixed = forge.github.file(REPOSITORY, pull.head_ref, "src/shop/text.py")
    assert fixed is not None
    assert b"safe_load" in fixed
    (reply,) = [each.body for each in forge.comments(issue) if each.app is not None]
    assert f"- #{pull.number} " in reply
    # the judgement knows by the store, not by the commit's words, that it is a pattern that is approved already
    run_all(review.STEPS, forge.tools(), forge.job(Kind.REVIEW, pull.number, head=pull.head))
    assert "pre-approved fix: yaml-load-without-safe-loader" in generator(forge, pull.number)
    # the base moves: once an hour that is seen, and it is made anew by the App alone
    forge.github.push(REPOSITORY, "main", {"src/shop/text.py": f"# strangers\n{LOADS}"}, by="ann")
    run_all(upkeep.STEPS, forge.tools(), forge.job(Kind.RECONCILE, again="hour"))
    again = forge.enqueued.pop()
    assert (again.kind, again.number, again.actor) == (Kind.PROPOSE, pull.number, "")
    before = pull.head
    run_all(propose.STEPS, forge.tools(), again)
    (pull,) = forge.repository.pulls
    tip = forge.repository.git.tip("main")
    assert tip is not None
    assert pull.head != before
    assert forge.repository.git.log(pull.head, tip) == [pull.head]
    assert forge.repository.git.commit(pull.head).message.rstrip().splitlines()[-1] == asked_by
    assert (now(forge, pull.number).base, now(forge, pull.number).head) == (tip, pull.head)
    assert forge.repository.git.refs("refs/heads/selfmod/moving/") == {}
    # somebody pushes to it: from then on it is theirs
    forge.github.push(REPOSITORY, pull.head_ref, {"src/shop/more.py": "x = 1\n"}, by="cyd")
    run_all(propose.STEPS, forge.tools(), asked(forge, pull.number, "/selfmod rebase"))
    assert "There are commits of @&#8203;cyd on this branch" in "\n".join(c.body for c in forge.comments(pull.number))
    run_all(review.STEPS, forge.tools(), forge.job(Kind.REVIEW, pull.number, head=pull.head))
    assert generator(forge, pull.number) == ["a person"]
    # and merges it
    with forge.client("ann") as client:
        assert client.put(f"/repos/{REPOSITORY}/pulls/{pull.number}/merge", json={}).status_code == 200
    closed = forge.job(Kind.GATE, pull.number, reason="closed", actor="ann", head=pull.head)
    run_all(gate.STEPS, forge.tools(), closed)
    assert now(forge, pull.number).status is Status.APPLIED
    assert now(forge, pull.number).merged == forge.repository.git.tip("main")
    assert forge.repository.git.tip(pull.head_ref) is None
