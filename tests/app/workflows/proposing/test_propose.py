"""The verb `propose` on a forge in memory: what it opens, what it does not, and that twice is once."""

import functools
import html
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.model.forge import FileEdit, Person, Pull
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status, branch, identifier
from app.model.stop import Stop
from app.model.trouble import Unavailable
from app.store import audit
from app.store.proposed import modifications, stops
from app.workflows import gate
from app.workflows.proposing import propose
from app.workflows.proposing.rebasing import REBASE
from checks.fix import Group, Selection, fix_tree
from checks.repository.scratch import folder
from tests.pulls.hosts import OWN
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]
LOADS = "import yaml\n\n\ndef load(text):\n    return yaml.load(text, Loader=yaml.Loader)\n"
MENDED = "import yaml\n\n\ndef load(text):\n    return yaml.safe_load(text)\n"
DEFAULT = "def add(item, into=[]):\n    into.append(item)\n    return into\n"
ISSUE = 3
QUICK = "mode: propose\nallowed_commands: []\n"


def asked(world: World, words: str = "", actor: str = "ann", **values: Any) -> Job:
    """`/selfmod fix` on an issue."""
    job = Job(
        Kind.PROPOSE, world.host.repository, 5, ISSUE, reason="fix", actor=actor, needs="write", comment=99,
        words=words, again=f"comment-99-{words}",
    )  # fmt: skip
    return replace(job, **values)


def started(make: Make, configuration: str = QUICK, **files: str) -> World:
    world = make(configuration, **(files or {"loads": LOADS, "default": DEFAULT}))
    world.git.put("pyproject.toml", '[project]\nname = "shop"\nrequires-python = ">=3.12"\n')
    world.git.commit()
    return world


@functools.cache
def key() -> str:
    """The fingerprint of the one finding of LOADS in loads.py."""
    with folder() as place:
        (place / "loads.py").write_text(LOADS)
        fixes = fix_tree([place], Selection(), Group.RULE, None, lambda done, total: None)
    (outcome,) = fixes.outcomes
    return outcome.finding.fingerprint


def kept(world: World) -> Pull:
    """A proposal for loads.py as an earlier job left it."""
    host, name = world.host, "selfmod/fix/yaml-load-without-safe-loader-00000000"
    base = host.branch("main")
    assert base
    if host.file("loads.py", "main") is None:
        world.git.put("loads.py", LOADS)
        base = world.git.commit()
    head = host.commit_files(name, base, [FileEdit("loads.py", MENDED.encode())], "Mend it")
    pull = host.open_pull(name, "main", "Mend it", "")
    made = Modification(host.repository, Sort.FIX, name, "main", "Mend it", base, head, pull.number, "ann", (key(),))
    modifications.put(world.store, made)
    return pull


def now(world: World, pull: Pull) -> Modification:
    """The modification of a pull request."""
    made = modifications.of_pull(world.store, world.host.repository, pull.number)
    assert made is not None
    return made


def said(world: World, number: int = ISSUE) -> str:
    return html.unescape(world.host.sticky(number)).replace("\u200b", "")


def own(world: World) -> list[str]:
    return sorted(each.title for each in world.host.pulls() if each.own)


@pytest.mark.timeout(300)
def test_each_rule_becomes_a_pull_request_that_is_kept(make: Make) -> None:
    world = started(make)
    before = world.host.branch("main")
    world.run(propose.STEPS, asked(world), twice=True)
    world.run(propose.STEPS, asked(world))  # the delivery once more
    assert own(world) == [
        "fix YAML document that can make Python objects in loads.py",
        "fix list, dictionary or set as a default value in default.py",
    ]
    assert world.host.writes["pull"] == world.host.writes["commit"] == 2
    for pull in world.host.pulls():
        made = modifications.of_pull(world.store, world.host.repository, pull.number)
        assert made is not None
        assert (made.status, made.sort, made.branch) == (Status.PENDING_APPROVAL, Sort.FIX, pull.head_ref)
        assert (made.base, made.head, made.base_ref, made.requester) == (before, pull.head, "main", "ann")
        assert len(made.keys) == 1
        message = world.git.git("log", "-1", "--format=%B", pull.head)
        assert message.rstrip().endswith(f"Selfmod-Modification: {made.id}\nRequested-by: @ann")
        assert f"`/selfmod rollback {made.id}`" in pull.body
        assert pull.head_ref.startswith("selfmod/fix/")
        assert world.git.git("diff", "--name-only", f"{before}..{pull.head}").split() in (["loads.py"], ["default.py"])
        assert f"- #{pull.number} fix " in said(world)
    assert sum('"proposed"' in line for line in audit.export(world.store)) == 2


def test_only_what_is_named_is_fixed_and_all_in_one_where_that_is_configured(make: Make) -> None:
    world = started(make, QUICK + "fix: {group: all}\n", loads=LOADS, default=DEFAULT, more=LOADS)
    world.run(propose.STEPS, asked(world, "loads.py default.py"))
    assert own(world) == ["fix 2 findings of 2 rules in 2 files"]


def test_nothing_that_is_named_can_be_fixed(make: Make) -> None:
    world = started(make)
    world.run(propose.STEPS, asked(world, "mutable-default-argument loads.py"))
    assert own(world) == []
    assert "nothing that is named can be fixed for sure" in said(world)


@pytest.mark.parametrize(
    ("configuration", "why"),
    [
        ("limits: {open_pull_requests: 1}\n", "selfmod has 1 pull request of its own open, and limits.open_pull"),
        ("limits: {per_hour: 1}\n", "1 pull request was opened in the last hour, and limits.per_hour is 1"),
    ],
)
def test_limits_hold_and_are_told(make: Make, configuration: str, why: str) -> None:
    world = started(make, QUICK + configuration, default=DEFAULT)
    kept(world)
    world.run(propose.STEPS, asked(world, "default.py"))
    assert len(own(world)) == 1
    assert why in said(world)


def test_a_change_that_is_too_large_is_not_proposed(make: Make) -> None:
    world = started(make, QUICK + "limits: {lines: 1}\n", default=DEFAULT)
    world.run(propose.STEPS, asked(world))
    assert own(world) == []
    assert "limits.lines is 1" in said(world)


@pytest.mark.parametrize(
    ("values", "configuration", "why"),
    [
        ({}, "allowed_commands: []\n", "the mode is observe"),
        ({"actor": "eve"}, QUICK, "fix needs write access to this repository; eve has read."),
        ({"actor": ""}, QUICK, "nobody has none"),
        ({"words": "nowhere/"}, QUICK, "there is no file or folder 'nowhere'"),
        ({"words": "bare-exept"}, QUICK, "Did you mean bare-except?"),
    ],
)
def test_where_it_may_not_it_says_why(make: Make, values: dict[str, Any], configuration: str, why: str) -> None:
    world = started(make, configuration)
    world.run(propose.STEPS, asked(world, **values))
    assert world.host.pulls() == ()
    assert why in said(world)
    assert modifications.recent(world.store) == ()


def test_nothing_is_written_while_it_is_stopped(make: Make) -> None:
    world = started(make)
    stops.put(world.store, Stop("zoe", "incident 4711", repository=world.host.repository))
    world.run(propose.STEPS, asked(world))
    assert world.host.pulls() == ()
    assert "stopped by @zoe: incident 4711" in said(world)
    assert world.host.writes["commit"] == 0


def test_a_schedule_asks_for_nobody(make: Make) -> None:
    world = started(make, loads=LOADS)
    job = asked(world, actor="", needs="", number=0, comment=0, reason="schedule", again="schedule-x")
    world.run(propose.STEPS, job)
    (pull,) = world.host.pulls()
    assert "Requested-by" not in world.git.git("log", "-1", "--format=%B", pull.head)
    assert "Proposed by the repository's schedule." in pull.body
    assert world.host.written == {}


def close(world: World, number: int, merged: bool = False, by: str = "bob") -> None:
    """Somebody closes or merges a pull request, and the delivery comes."""
    pull = world.host.pull(number)
    if merged:
        world.host.merge(number, pull.head, "merge")
    else:
        world.host.close_pull(number)
    world.run(gate.STEPS, world.job(pull, Kind.GATE, "closed", by), twice=True)


def test_what_somebody_closed_is_not_proposed_again(make: Make) -> None:
    world = started(make, loads=LOADS)
    pull = kept(world)
    close(world, pull.number)
    assert (now(world, pull).status, now(world, pull).reason) == (Status.REJECTED, "closed by @bob")
    # elsewhere in the file, and another of the same rule beside it: still that one
    world.git.put("loads.py", "# a line\n" + LOADS)
    world.git.commit(more=LOADS)
    world.run(propose.STEPS, asked(world))
    (fresh,) = world.host.pulls()
    assert fresh.title == "fix YAML document that can make Python objects in more.py"
    assert f"pull request {pull.number} proposed this and was closed (closed by @bob): reopen it" in said(world)


def test_what_was_closed_is_known_without_the_store_too(make: Make) -> None:
    world = started(make, loads=LOADS)
    name = branch(Sort.FIX, "yaml-load-without-safe-loader", key())
    world.git.git("branch", name, "main")
    world.host.open_pull(name, "main", "Mend it", "")
    world.host.close_pull(7)
    world.run(propose.STEPS, asked(world))
    assert world.host.pulls() == ()
    assert "pull request 7 proposed this and was closed" in said(world)


def test_a_merged_one_is_applied_and_its_branch_goes(make: Make) -> None:
    world = started(make, loads=LOADS)
    pull = kept(world)
    close(world, pull.number, merged=True)
    made = now(world, pull)
    assert (made.status, made.merged) == (Status.APPLIED, world.host.pull(pull.number).merge_commit)
    assert world.host.branch(pull.head_ref) is None


def test_what_was_rolled_back_is_not_proposed_again(make: Make) -> None:
    world = started(make, loads=LOADS)
    pull = kept(world)
    close(world, pull.number, merged=True)
    made = now(world, pull)
    revert = world.host.revert_pull(pull.number, "Revert", "")
    assert revert is not None
    taking = replace(made, sort=Sort.REVERT, branch=revert.head_ref, number=revert.number, reverts=made.id)
    modifications.put(world.store, replace(taking, status=Status.PENDING_APPROVAL, merged=""))
    close(world, revert.number, merged=True)
    assert now(world, pull).status is Status.ROLLED_BACK
    assert now(world, revert).status is Status.APPLIED
    assert "yaml.Loader" in world.git.git("show", "main:loads.py")
    world.run(propose.STEPS, asked(world))
    assert [each for each in world.host.pulls() if each.own] == []
    assert f"pull request {pull.number} brought this and was taken back" in said(world)


@pytest.mark.parametrize("call", ["commit_files", pytest.param("open_pull", marks=pytest.mark.complete)])
def test_a_crash_between_leaves_one_pull_request(make: Make, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    world = started(make, loads=LOADS)
    crashing(world, monkeypatch, call, asked(world))
    world.run(propose.STEPS, asked(world))
    (pull,) = world.host.pulls()
    assert (world.host.writes["pull"], world.host.writes["commit"]) == (1, 1)
    made = modifications.get(world.store, identifier(world.host.repository, pull.head_ref))
    assert made is not None
    assert (made.number, made.head) == (pull.number, pull.head)


@pytest.mark.parametrize("pushed", [False, pytest.param(True, marks=pytest.mark.complete)])
def test_a_branch_without_its_pull_request_is_made_anew_on_a_new_base(
    make: Make, monkeypatch: pytest.MonkeyPatch, pushed: bool
) -> None:
    """The try was given up before it came to a pull request."""
    world = started(make, loads=LOADS)
    name = branch(Sort.FIX, "yaml-load-without-safe-loader", key())

    def cut(*_: object) -> object:
        raise Unavailable("the line is cut")

    with monkeypatch.context() as patch:
        patch.setattr(world.host, "open_pull", cut)
        with pytest.raises(Unavailable):
            world.run(propose.STEPS, asked(world))
    base = world.git.commit(other="x = 1\n")
    if pushed:
        world.git.git("checkout", "-q", name)
        mine = world.git.commit(mine="x = 2\n")
        world.git.git("checkout", "-q", "main")
        world.run(propose.STEPS, asked(world))
        assert (world.host.branch(name), world.host.pulls()) == (mine, ())
        return
    world.run(propose.STEPS, asked(world))
    (pull,) = world.host.pulls()
    assert world.git.git("rev-parse", f"{pull.head}^").strip() == base


def crashing(world: World, monkeypatch: pytest.MonkeyPatch, call: str, job: Job) -> None:
    """The job runs until just after a call of the forge."""
    real = getattr(world.host, call)

    def broken(*arguments: object) -> object:
        real(*arguments)
        raise Unavailable("the line is cut")

    monkeypatch.setattr(world.host, call, broken)
    with pytest.raises(Unavailable):
        world.run(propose.STEPS, job)
    monkeypatch.setattr(world.host, call, real)


class TestOnAPullRequest:
    def test_its_own_findings_are_fixed_in_its_branch(self, make: Make) -> None:
        world = started(make, old=DEFAULT)
        pull = world.pull(BOB, loads=LOADS, default=DEFAULT)
        world.review(pull)
        job = asked(world, "loads.py", number=pull.number, head=pull.head)
        world.run(propose.STEPS, job, twice=True)
        (made,) = [each for each in world.host.pulls() if each.own]
        assert made.base_ref == pull.head_ref
        assert world.git.git("diff", "--name-only", f"{pull.head}..{made.head}").split() == ["loads.py"]
        assert f"1 finding of #{pull.number}, in that pull request's own branch" in made.body
        assert f"- #{made.number} fix YAML" in said(world, pull.number)

    @pytest.mark.parametrize(("moved", "why"), [(False, "this head is not judged yet"), (True, "the head is")])
    def test_a_head_that_nobody_looked_at_is_left(self, make: Make, moved: bool, why: str) -> None:
        world = started(make)
        pull = world.pull(BOB, loads=LOADS)
        job = asked(world, number=pull.number, head=pull.head)
        if moved:
            world.push(pull, more="x = 1\n")
        world.run(propose.STEPS, job)
        assert not [each for each in world.host.pulls() if each.own]
        assert why in said(world, pull.number)


def rebase(number: int, world: World, **values: Any) -> Job:
    return asked(world, number=number, reason=REBASE, again="rebase-1", **values)


class TestRebase:
    def test_the_fix_is_made_anew_on_the_new_tip(self, make: Make) -> None:
        world = started(make, loads=LOADS)
        before = kept(world)
        world.git.put("loads.py", "# about loading\n" + LOADS)
        tip = world.git.commit()
        world.run(propose.STEPS, rebase(before.number, world))
        assert f"Made anew on `{tip[:10]}`: the same change." in said(world, before.number)
        pull = world.host.pull(before.number)
        assert world.git.git("rev-list", f"{tip}..{pull.head}").split() == [pull.head]
        assert world.git.git("show", f"{pull.head}:loads.py") == "# about loading\n" + MENDED
        assert (now(world, pull).base, now(world, pull).head) == (tip, pull.head)
        assert f"/blob/{tip}/loads.py" in pull.body
        assert pull.title == "Mend it"
        assert world.git.git("for-each-ref", "refs/heads/selfmod/moving").strip() == ""
        world.run(propose.STEPS, rebase(before.number, world))
        assert world.host.pull(before.number) == pull

    @pytest.mark.parametrize(
        ("author", "who"), [(Person("bob", 2), "@bob"), (None, "somebody else"), (OWN, "somebody else")]
    )
    def test_a_persons_commit_stops_it_there_and_it_says_so_once(
        self, make: Make, author: Person | None, who: str
    ) -> None:
        """Also one that says that it is selfmod's: that is what whoever made it wrote there."""
        world = started(make, loads=LOADS)
        pull = world.push(kept(world), loads=LOADS + "\nX = 1\n")
        world.host.authors[pull.number] = author
        world.git.commit(other="x = 1\n")
        world.run(propose.STEPS, rebase(pull.number, world, comment=0, actor="", needs=""), twice=True)
        assert world.host.pull(pull.number).head == pull.head
        assert f"There are commits of {who} on this branch" in said(world, pull.number)
        assert world.host.writes["comment"] == 1

    def test_where_nothing_is_left_it_is_closed(self, make: Make) -> None:
        world = started(make, loads=LOADS)
        pull = kept(world)
        world.git.commit(loads=MENDED)
        world.run(propose.STEPS, rebase(pull.number, world, comment=0))
        closed = world.host.pull(pull.number)
        assert not closed.open
        assert "Nothing of this is left to mend" in said(world, pull.number)
        assert world.host.branch(pull.head_ref) is None
        world.run(gate.STEPS, world.job(closed, Kind.GATE, "closed", "selfmod[bot]"))
        assert now(world, pull).status is Status.SUPERSEDED

    @pytest.mark.parametrize("call", ["commit_files", "move_branch", "edit_pull"])
    def test_a_crash_between_is_gone_on_with(self, make: Make, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
        world = started(make, loads=LOADS)
        number = kept(world).number
        tip = world.git.commit(other="x = 1\n")
        crashing(world, monkeypatch, call, rebase(number, world))
        world.run(propose.STEPS, rebase(number, world))
        pull = world.host.pull(number)
        assert (now(world, pull).base, now(world, pull).head) == (tip, pull.head)
        assert world.git.git("rev-list", f"{tip}..{pull.head}").split() == [pull.head]
        assert "commits of" not in said(world, number)

    @pytest.mark.parametrize(
        ("values", "why"),
        [({"actor": "eve"}, "rebase needs write access"), ({}, "only a pull request with fixes of selfmod's own")],
    )
    def test_others_are_left(self, make: Make, values: dict[str, Any], why: str) -> None:
        world = started(make)
        pull = world.pull(BOB, cart="x = 1\n")
        world.run(propose.STEPS, rebase(pull.number, world, **values))
        assert why in said(world, pull.number)
        assert world.host.pull(pull.number) == pull
