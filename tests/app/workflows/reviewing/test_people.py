"""Who is there to agree: no more is asked of the host than the decision needs."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.decision import Decision, Merge
from app.model.forge import Conclusion, Opinion, Person, Review, Role
from app.workflows.reviewing.configured import in_force
from app.workflows.reviewing.people import Requester, account_of, gather, owners_of, requested, requesters
from checks.model.safety import Level
from tests.pulls.hosts import OWN
from tests.pulls.judgements import judged
from tests.pulls.worlds import BOB, World

AT = "2026-01-01T00:00:00Z"
type Make = Callable[..., World]
CRITICAL = Decision(Level.CRITICAL, Merge.BY_PERSON, 2, approvers=("maintainers", "@acme/security"))


def test_both_paths_of_a_rename_have_owners(make: Make) -> None:
    world = make(guarded="x = 1\ny = 2\nz = 3\n")
    world.git.put(".github/CODEOWNERS", "/guarded.py @mia\n/free.py @zoe\n")
    base = world.git.commit()
    world.git.git("checkout", "-q", "-b", "topic")
    world.git.git("mv", "guarded.py", "free.py")
    head = world.git.commit()
    force = in_force(world.host, world.git.root, base, "main")
    value = replace(judged(), base=base, head=head)
    assert set(owners_of(force, value, world.git.root)) == {"@mia", "@zoe"}
    assert owners_of(force, replace(value, base=None), world.git.root) == ()


def test_who_asked_is_in_the_commits(make: Make) -> None:
    world = make()
    base = world.git.commit()
    for lines in (
        "Requested-by: @Ann\nRequested-by: @bob\n",
        "Requested-by: @bob\nRequested-by:\n",
        f"{requested('cyd', 33)}\n{requested('dan')}\n",
        "Requested-by: eve (account 0)\nRequested-by: @eve (account 1) or so\nRequested-by: @eve 5\n",
        f"Requested-by: @fay (account {'9' * 19})\n",
    ):
        world.git.git("commit", "-q", "--allow-empty", "-m", f"fix: it\n\n{lines}")
    head = world.git.git("rev-parse", "HEAD").strip()
    assert set(requesters(world.git.root, base, head)) == {
        Requester("Ann"),
        Requester("bob"),
        Requester("cyd", 33),
        Requester("dan"),
    }
    assert requesters(world.git.root, base, None) == requesters(world.git.root, None, head) == ()
    third = world.git.git("rev-parse", "HEAD~2").strip()
    assert [account_of(world.git.root, third, login) for login in ("Cyd", "dan", "ann")] == [33, 0, 0]


def test_who_asked_and_renamed_the_account_does_not_approve(make: Make) -> None:
    """Known by the commit alone: the store saw neither name."""
    world = make("mode: enforce\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.git.git("checkout", "-q", pull.head_ref)
    world.git.git("commit", "-q", "--allow-empty", "-m", f"fix: one\n\n{requested('ann', 77)}\n")
    world.git.git("checkout", "-q", "main")
    world.host.push(pull.number)
    world.host.authors[pull.number] = OWN
    pull = world.host.pull(pull.number)
    world.judged(pull)
    world.host.roles["annette"] = Role.WRITE
    for account in (77, 78):
        world.host.said[pull.number] = [Review(1, Person("annette", account), Opinion.APPROVED, pull.head, AT)]
        world.weigh(pull)
        assert (world.gate(pull).conclusion is Conclusion.SUCCESS) == (account == 78)


@pytest.mark.parametrize("approvals", [0, 2])
def test_only_what_is_needed_is_asked(make: Make, approvals: int) -> None:
    world = make()
    world.host.teams["acme/security"] = ("zoe",)
    pull = world.pull(BOB, cart="x = 1\n")
    world.host.review(pull.number, "ann", Opinion.CHANGES_REQUESTED)
    base = world.host.branch("main")
    assert base
    force = in_force(world.host, world.git.root, base, "main")
    value = replace(judged(), base=base, head=pull.head)
    decision = replace(CRITICAL, approvals=approvals)
    people = gather(world.host, pull, force, value, decision, world.host.reviews(pull.number), (), world.git.root)
    assert people.role("ann") is Role.WRITE
    if approvals:
        assert people.maintainers == ("mia", "zoe")
        assert people.teams == {"@acme/security": ("zoe",)}
        assert [each.sha for each in people.commits] == [pull.head]
    else:
        assert (people.writers, people.maintainers, people.teams, people.commits) == (None, None, {}, ())


def test_who_asked_for_a_fix_that_was_merged_into_the_branch_has_part_in_it(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.git.git("checkout", "-q", pull.head_ref)
    world.git.git("commit", "-q", "--allow-empty", "-m", "fix: one\n\nRequested-by: @ann\n")
    world.git.git("checkout", "-q", "main")
    world.host.push(pull.number)
    pull = world.host.pull(pull.number)
    world.judged(pull)
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    # a person's own commit excludes nobody
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS
    world.host.authors[pull.number] = OWN
    world.weigh(pull)
    assert world.gate(pull).conclusion is None
    assert "asked for this change" in world.gate(pull).summary
