"""The verb `propose` on a forge in memory: what it opens, what it does not, and that twice is once."""

import html
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Person, Role
from app.model.job import Job, Kind
from app.model.modification import Sort, Status, identifier
from app.model.stop import Stop
from app.model.trouble import Unavailable
from app.store import audit
from app.store.proposed import modifications, stops
from app.workflows import gate, propose
from app.workflows.proposing.rebasing import REBASE
from app.workflows.steps import Step
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]
LOADS = "import yaml\n\n\ndef load(text):\n    return yaml.load(text, Loader=yaml.Loader)\n"
DEFAULT = "def add(item, into=[]):\n    into.append(item)\n    return into\n"
ISSUE = 3
QUICK = "mode: propose\nallowed_commands: []\n"


def asked(world: World, words: str = "", actor: str = "ann", **values: object) -> Job:
    """`/selfmod fix` on an issue."""
    job = Job(
        Kind.PROPOSE, world.host.repository, 5, ISSUE, reason="fix", actor=actor, needs="write", comment=99,
        words=words, again=f"comment-99-{words}",
    )  # fmt: skip
    return replace(job, **values)  # type: ignore[arg-type]  # by name


def started(make: Make, configuration: str = QUICK, **files: str) -> World:
    world = make(configuration, **(files or {"loads": LOADS, "default": DEFAULT}))
    world.git.put("pyproject.toml", '[project]\nname = "shop"\nrequires-python = ">=3.12"\n')
    world.git.commit()
    return world


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


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("loads.py", ["fix YAML document that can make Python objects in loads.py"]),
        ("mutable-default-argument", ["fix list, dictionary or set as a default value in default.py"]),
        ("mutable-default-argument loads.py", []),
        ("default.py:1", ["fix list, dictionary or set as a default value in default.py"]),
    ],
)
def test_only_what_is_named_is_fixed(make: Make, words: str, titles: list[str]) -> None:
    world = started(make)
    world.run(propose.STEPS, asked(world, words))
    assert own(world) == titles
    assert ("nothing that is named can be fixed for sure" in said(world)) is (not titles)


def test_what_belongs_together_is_configured(make: Make) -> None:
    world = started(make, QUICK + "fix: {group: all}\n")
    world.run(propose.STEPS, asked(world))
    assert own(world) == ["fix 2 findings of 2 rules in 2 files"]


@pytest.mark.parametrize(
    ("configuration", "why"),
    [
        ("limits: {open_pull_requests: 1}\n", "limits.open_pull_requests is 1"),
        ("limits: {per_hour: 1}\n", "1 pull request was opened in the last hour, and limits.per_hour is 1"),
        ("limits: {lines: 1}\n", "limits.lines is 1"),
    ],
)
def test_limits_hold_and_are_told(make: Make, configuration: str, why: str) -> None:
    world = started(make, QUICK + configuration)
    world.run(propose.STEPS, asked(world))
    assert len(own(world)) == (0 if "lines" in configuration else 1)
    assert why in said(world)


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
def test_where_it_may_not_it_says_why(make: Make, values: dict[str, object], configuration: str, why: str) -> None:
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
    assert "is stopped by @zoe: incident 4711" in said(world)
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
    world.run(propose.STEPS, asked(world))
    (pull,) = world.host.pulls()
    close(world, pull.number)
    made = modifications.of_pull(world.store, world.host.repository, pull.number)
    assert made is not None
    assert (made.status, made.reason) == (Status.REJECTED, "closed by @bob")
    # elsewhere in the file, and another of the same rule beside it: still that one
    world.git.put("loads.py", "# a line\n" + LOADS)
    world.git.commit(more=LOADS)
    world.run(propose.STEPS, asked(world, again="comment-100"))
    (fresh,) = world.host.pulls()
    assert fresh.title == "fix YAML document that can make Python objects in more.py"
    assert f"pull request {pull.number} proposed this and was closed (closed by @bob): reopen it" in said(world)


def test_what_was_closed_is_known_without_the_store_too(make: Make) -> None:
    world = started(make, loads=LOADS)
    world.run(propose.STEPS, asked(world))
    (pull,) = world.host.pulls()
    world.host.close_pull(pull.number)
    other = started(make, loads=LOADS)
    other.host.opened = {pull.number: world.host.pull(pull.number)}
    other.run(propose.STEPS, asked(other))
    assert other.host.pulls() == ()
    assert f"pull request {pull.number} proposed this and was closed" in said(other)


def test_a_merged_one_is_applied_and_its_branch_goes(make: Make) -> None:
    world = started(make, loads=LOADS)
    world.run(propose.STEPS, asked(world))
    (pull,) = world.host.pulls()
    close(world, pull.number, merged=True)
    made = modifications.of_pull(world.store, world.host.repository, pull.number)
    assert made is not None
    assert (made.status, made.merged) == (Status.APPLIED, world.host.pull(pull.number).merge_commit)
    assert world.host.branch(pull.head_ref) is None
    # what comes back by somebody's hand is another proposal
    world.git.commit(loads=LOADS)
    world.run(propose.STEPS, asked(world, again="comment-100"))
    (fresh,) = world.host.pulls()
    assert fresh.head_ref != pull.head_ref
    kept = modifications.of_pull(world.store, world.host.repository, pull.number)
    assert kept is not None
    assert kept.status is Status.APPLIED


def test_what_was_rolled_back_is_not_proposed_again(make: Make) -> None:
    world = started(make, loads=LOADS)
    world.run(propose.STEPS, asked(world))
    (pull,) = world.host.pulls()
    close(world, pull.number, merged=True)
    made = modifications.of_pull(world.store, world.host.repository, pull.number)
    assert made is not None
    revert = world.host.revert_pull(pull.number, "Revert", "")
    assert revert is not None
    taking = replace(made, sort=Sort.REVERT, branch=revert.head_ref, number=revert.number, reverts=made.id)
    modifications.put(world.store, replace(taking, status=Status.PENDING_APPROVAL, merged=""))
    close(world, revert.number, merged=True)
    rolled = modifications.get(world.store, made.id)
    assert rolled is not None
    assert rolled.status is Status.ROLLED_BACK
    assert "yaml.Loader" in world.git.git("show", "main:loads.py")
    world.run(propose.STEPS, asked(world, again="comment-100"))
    assert [each for each in world.host.pulls() if each.own] == []
    assert f"pull request {pull.number} brought this and was taken back" in said(world)


@pytest.mark.parametrize("call", ["commit_files", "open_pull"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_between_leaves_one_pull_request(
    make: Make, monkeypatch: pytest.MonkeyPatch, call: str, after: bool
) -> None:
    world = started(make, loads=LOADS)
    real = getattr(world.host, call)

    def broken(*arguments: object) -> object:
        if after:
            real(*arguments)
        raise Unavailable("the line is cut")

    monkeypatch.setattr(world.host, call, broken)
    with pytest.raises(Unavailable):
        world.run(propose.STEPS, asked(world))
    monkeypatch.setattr(world.host, call, real)
    world.run(propose.STEPS, asked(world))
    (pull,) = world.host.pulls()
    assert (world.host.writes["pull"], world.host.writes["commit"]) == (1, 1)
    made = modifications.get(world.store, identifier(world.host.repository, pull.head_ref))
    assert made is not None
    assert (made.number, made.head) == (pull.number, pull.head)


def test_the_right_to_write_may_be_gone_when_it_runs(make: Make) -> None:
    world = started(make)
    world.host.roles["ann"] = Role.TRIAGE
    world.run(propose.STEPS, asked(world))
    assert world.host.pulls() == ()
    assert "ann has triage" in said(world)


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


class TestRebase:
    def job(self, world: World, number: int, **values: object) -> Job:
        return asked(world, number=number, reason=REBASE, again="rebase-1", **values)

    def proposed(self, make: Make) -> tuple[World, int]:
        world = started(make, loads=LOADS)
        world.run(propose.STEPS, asked(world))
        (pull,) = world.host.pulls()
        return world, pull.number

    def test_the_fix_is_made_anew_on_the_new_tip(self, make: Make) -> None:
        world, number = self.proposed(make)
        before = world.host.pull(number)
        world.git.put("loads.py", "# about loading\n" + LOADS)
        tip = world.git.commit()
        world.run(propose.STEPS, self.job(world, number), twice=True)
        pull = world.host.pull(number)
        assert pull.head != before.head
        assert world.git.git("rev-list", f"{tip}..{pull.head}").split() == [pull.head]
        assert world.git.git("show", f"{pull.head}:loads.py").startswith("# about loading\n")
        assert "safe_load" in world.git.git("show", f"{pull.head}:loads.py")
        made = modifications.of_pull(world.store, world.host.repository, number)
        assert made is not None
        assert (made.base, made.head) == (tip, pull.head)
        assert f"/blob/{tip}/loads.py" in pull.body
        assert world.git.git("for-each-ref", "refs/heads/selfmod/moving").strip() == ""
        assert f"Made anew on `{tip[:10]}`: the same change." in said(world, number) or (
            "is on the newest commit" in said(world, number)
        )

    def test_a_persons_commit_stops_it_there_and_it_says_so_once(self, make: Make) -> None:
        world, number = self.proposed(make)
        pull = world.push(world.host.pull(number), loads=LOADS + "\nX = 1\n")
        world.host.authors[number] = Person("bob", 2)
        world.git.commit(other="x = 1\n")
        world.run(propose.STEPS, self.job(world, number, comment=0, actor="", needs=""), twice=True)
        assert world.host.pull(number).head == pull.head
        assert "There are commits of @bob on this branch" in said(world, number)
        assert world.host.writes["comment"] == 2  # the reply before, and this

    def test_a_commit_that_says_it_is_selfmods_is_somebodys_all_the_same(self, make: Make) -> None:
        world, number = self.proposed(make)
        pull = world.push(world.host.pull(number), loads=LOADS + "\nX = 1\n")
        world.git.commit(other="x = 1\n")
        world.run(propose.STEPS, self.job(world, number, comment=0))
        assert world.host.pull(number).head == pull.head
        assert "There are commits of somebody else" in said(world, number)

    def test_where_nothing_is_left_it_is_closed(self, make: Make) -> None:
        world, number = self.proposed(make)
        pull = world.host.pull(number)
        world.git.commit(loads=LOADS.replace("yaml.load(text, Loader=yaml.Loader)", "yaml.safe_load(text)"))
        world.run(propose.STEPS, self.job(world, number, comment=0))
        closed = world.host.pull(number)
        assert not closed.open
        assert "Nothing of this is left to mend" in said(world, number)
        assert world.host.branch(pull.head_ref) is None
        world.run(gate.STEPS, world.job(closed, Kind.GATE, "closed", "selfmod[bot]"))
        made = modifications.of_pull(world.store, world.host.repository, number)
        assert made is not None
        assert made.status is Status.SUPERSEDED

    @pytest.mark.parametrize("call", ["commit_files", "move_branch", "edit_pull", "delete_branch"])
    def test_a_crash_between_is_gone_on_with(self, make: Make, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
        world, number = self.proposed(make)
        tip = world.git.commit(other="x = 1\n")
        real = getattr(world.host, call)

        def broken(*arguments: object) -> object:
            real(*arguments)
            raise Unavailable("the line is cut")

        monkeypatch.setattr(world.host, call, broken)
        with pytest.raises(Unavailable):
            world.run(propose.STEPS, self.job(world, number))
        monkeypatch.setattr(world.host, call, real)
        world.run(propose.STEPS, self.job(world, number))
        pull = world.host.pull(number)
        made = modifications.of_pull(world.store, world.host.repository, number)
        assert made is not None
        assert (made.base, made.head) == (tip, pull.head)
        assert world.git.git("rev-list", f"{tip}..{pull.head}").split() == [pull.head]
        assert "commits of" not in said(world, number)

    @pytest.mark.parametrize(
        ("values", "why"),
        [({"actor": "eve"}, "rebase needs write access"), ({}, "only a pull request with fixes of selfmod's own")],
    )
    def test_others_are_left(self, make: Make, values: dict[str, object], why: str) -> None:
        world = started(make)
        pull = world.pull(BOB, cart="x = 1\n")
        world.run(propose.STEPS, self.job(world, pull.number, **values))
        assert why in said(world, pull.number)
        assert world.host.pull(pull.number) == pull


def test_every_step_can_be_the_one_that_is_run_again(make: Make) -> None:
    """A step's state is a few plain values."""
    world = started(make, loads=LOADS)
    state = world.run(propose.STEPS, asked(world))
    assert set(state) == {"base", "base_ref", "wanted", "notes", "opened"}
    assert all(isinstance(step, Step) for step in propose.STEPS)
