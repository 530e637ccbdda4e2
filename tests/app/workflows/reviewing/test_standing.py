"""What `/selfmod status` reads."""

import html
from collections.abc import Callable
from dataclasses import replace

from app.model.decision import Decision, Merge
from app.model.forge import FileEdit, Opinion
from app.model.modification import Modification, Sort, Status
from app.model.stop import Stop
from app.store import records
from app.store.proposed import modifications, stops
from app.workflows.reviewing.standing import MOST, of_pull, of_repository
from checks.model.safety import Level
from tests.pulls.judgements import judged
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]


def shown(text: str) -> list[str]:
    return html.unescape(text).replace("\u200b", "").strip().splitlines()


def test_a_pull_request_that_waits(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = world.pull(BOB, cart="x = 1\n")
    assert "- This head is not judged yet." in shown(of_pull(world.tools, pull))
    id_ = world.judged(pull, judged(Level.MEDIUM_RISK))
    world.host.review(pull.number, "bob", Opinion.APPROVED)
    world.weigh(pull)
    before = world.host.writes.copy()
    assert shown(of_pull(world.tools, pull)) == [
        f"- This pull request is open, its head is `{pull.head[:10]}`.",
        f"- Judged: MEDIUM_RISK, record `{id_}`.",
        "- Gate: waiting for 1 of 1 approval: anybody with write access.",
        "- Approvals: 0 of 1 needed; @bob does not count: opened this pull request.",
        "- Stop: none.",
    ]
    assert world.host.writes == before


def test_a_proposal_that_was_taken_back_while_it_is_stopped(make: Make) -> None:
    world = make()
    pull = replace(world.own(cart="x = 1\n"), open=False, merged=True)
    made = Modification(pull.repository, Sort.FIX, pull.head_ref, "main", "Mend it", number=pull.number)
    modifications.put(world.store, replace(made, status=Status.ROLLED_BACK, requester="ann", reason="taken back"))
    modifications.put(world.store, replace(made, branch="revert-7", sort=Sort.REVERT, number=9, reverts=made.id))
    stops.put(world.store, Stop("mia", "incident", at=1.0, repository=pull.repository))
    assert shown(of_pull(world.tools, pull)) == [
        f"- This pull request is merged, its head is `{pull.head[:10]}`.",
        f"- Stop: stopped by @mia: incident ({pull.repository}).",
        f"- Modification: `{made.id}` is ROLLED_BACK (taken back), asked for by @ann.",
        "- Taken back by #9.",
    ]


def test_an_issue_lists_what_is_open_and_what_was_judged_last(make: Make) -> None:
    world = make("mode: propose\n")
    assert shown(of_repository(world.tools)) == [
        "- Mode of acme/shop: propose.",
        "- Stop: none.",
        "- Open proposals: none.",
        "- Nothing was judged yet.",
    ]
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull)
    record = records.latest(world.store, pull.repository, pull.number)
    assert record is not None
    records.put(world.store, replace(record, decision=Decision(Level.LOW_RISK, Merge.AUTOMATIC, 0), finished=60.0))
    made = Modification(pull.repository, Sort.FIX, "selfmod/fix/x", "main", "Mend @everybody", number=12)
    modifications.put(world.store, made)
    modifications.put(world.store, replace(made, branch="selfmod/fix/y", status=Status.REJECTED, number=13))
    assert shown(of_repository(world.tools))[2:] == [
        "- Open proposals: 1 pull request.",
        "  - #12 Mend @everybody (PENDING_APPROVAL)",
        "- Judged last:",
        f"  - #{pull.number} `{pull.head[:10]}` LOW_RISK, 1970-01-01 00:01 UTC",
    ]
    assert "@everybody" not in of_repository(world.tools)


def test_it_is_bounded_and_an_invalid_configuration_is_said(make: Make) -> None:
    world = make("mod: enforce\n")
    for number in range(1, MOST + 5):
        modifications.put(
            world.store, Modification("acme/shop", Sort.FIX, f"selfmod/fix/{number}", "main", "x", number=number)
        )
    lines = shown(of_repository(world.tools))
    assert lines[0].startswith("- Mode of acme/shop: not known, because the configuration of main is not valid")
    assert f"- Open proposals: {MOST} pull requests and more." in lines
    assert sum(line.startswith("  - #") for line in lines) == MOST


def test_where_nothing_is_kept_nothing_is_said_of_judgements(make: Make) -> None:
    """In the Action: what is open is what the forge lists."""
    world = make("mode: propose\n")
    tools = replace(world.tools, whole=True)
    pull = world.pull(BOB, cart="x = 1\n")
    assert "- Level and gate: see its check run selfmod/gate." in shown(of_pull(tools, pull))
    head = world.host.commit_files("selfmod/fix/x", pull.base_sha, [FileEdit("a.py", b"x = 1\n")], "Mend it")
    assert head
    made = world.host.open_pull("selfmod/fix/x", "main", "Mend it", "")
    assert shown(of_repository(tools))[2:] == [
        "- Open proposals: 1 pull request.",
        f"  - #{made.number} Mend it (open)",
    ]
