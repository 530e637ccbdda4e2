"""What is kept of a proposal that could not be opened."""

from collections.abc import Callable

import pytest

from app.model.modification import Sort, Status, branch
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
from tests.pulls.worlds import World

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
