"""Who is there to agree: no more is asked of the host than the decision needs."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.decision import Decision, Merge
from app.model.forge import Conclusion, Opinion, Role
from app.workflows.reviewing.configured import in_force
from app.workflows.reviewing.people import gather, owners_of, requesters
from checks.model.safety import Level
from tests.pulls.hosts import OWN
from tests.pulls.judgements import judged
from tests.pulls.worlds import BOB, World

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
    world.git.git("commit", "-q", "--allow-empty", "-m", "fix: one\n\nRequested-by: @Ann\nRequested-by: @bob\n")
    world.git.git("commit", "-q", "--allow-empty", "-m", "fix: two\n\nRequested-by: @bob\nRequested-by:\n")
    head = world.git.git("rev-parse", "HEAD").strip()
    assert set(requesters(world.git.root, replace(judged(), base=base, head=head))) == {"Ann", "bob"}
    assert requesters(world.git.root, replace(judged(), head=None)) == ()


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
