"""What is kept of a proposal that could not be opened."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.modification import Modification, Sort, Status, branch
from app.model.stop import Stop
from app.store.proposed import modifications
from app.workflows.proposing import offering, prior
from app.workflows.proposing.offering import Target
from app.workflows.proposing.trial import Stood
from app.workflows.stopping.guard import Halted
from checks.fix import Change
from checks.model.changes import ChangeSet, FileChange
from checks.model.errors import Refusal
from checks.settings import Settings
from tests.pulls.hosts import MemoryHost
from tests.pulls.judgements import finding, judged
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        (Refusal("a rule of the repository forbids it."), Status.FAILED, "a rule of the repository forbids it."),
        (Halted(Stop("mia", "x", repository="acme/shop")), Status.PENDING_APPROVAL, ""),
    ],
)
def test_what_the_forge_refuses_has_failed_and_may_be_tried_again(
    make: Make, monkeypatch: pytest.MonkeyPatch, fault: Refusal, status: Status, reason: str
) -> None:
    world = make("mode: propose\n")
    base = world.host.branch("main")
    assert base

    def refused(*_: object) -> str:
        raise fault

    monkeypatch.setattr(MemoryHost, "commit_files", refused)
    change = Change("yaml", ChangeSet(base, (FileChange("cart.py", None, b"x = 1\n"),)), (finding(file="cart.py"),), {})
    target = Target("acme/shop", world.git.root, base, "main", requester="ann")
    place = prior.place(world.store, "acme/shop", "yaml", ("k",))
    with pytest.raises(Refusal, match=fault.reason):
        offering._opened(world.tools, Settings(), target, place, Stood(change, judged()))
    (made,) = modifications.recent(world.store)
    assert (made.status, made.reason, made.branch) == (status, reason, branch(Sort.FIX, "yaml", "k"))
    again = prior.place(world.store, "acme/shop", "yaml", ("k",))
    assert (again.branch, again.why_not) == (place.branch, "")


@pytest.mark.parametrize("others", [0, 120, 600])
def test_the_limit_holds_however_many_others_were_opened_since(make: Make, others: int) -> None:
    world = make("mode: propose\n")
    pull = world.own(more="x = 1\n")
    pull = world.host.opened[pull.number] = replace(pull, head_ref="selfmod/fix/x-00000000")
    made = Modification("acme/shop", Sort.FIX, pull.head_ref, "main", "t", head=pull.head, number=pull.number)
    modifications.put(world.store, replace(made, created=1.0))
    for number in range(1_000, 1_000 + others):
        world.host.opened[number] = replace(pull, number=number, own=False, author=BOB, head_ref=f"b{number}")
    target = Target("acme/shop", world.git.root, pull.base_sha, "main", requester="ann")
    settings = Settings.model_validate({"limits": {"open_pull_requests": 1}})
    assert "limits.open_pull_requests is 1" in offering._held(world.tools, settings, target, "selfmod/fix/y")
