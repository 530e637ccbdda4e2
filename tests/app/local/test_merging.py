"""How a local proposal gets in, and what git did to it meanwhile."""

import signal
from collections.abc import Callable

import pytest

from app.local import merging
from app.model.trouble import Superseded
from checks.model.errors import Refusal
from checks.repository.reverting import rollback
from tests.app.local.conftest import NAME, NEW, OLD, Local

LATER = OLD.replace("three = 3", "three = 33")


def _merged(local: Local) -> None:
    local.git.git("merge", "-q", "--no-ff", "-m", "by hand", NAME)


def _forwarded(local: Local) -> None:
    local.git.git("merge", "-q", "--ff-only", NAME)


@pytest.mark.parametrize("how", [_merged, _forwarded])
@pytest.mark.parametrize("then", [False, True], ids=["kept", "removed"])
def test_what_somebody_merged_is_merged(local: Local, how: Callable[[Local], None], then: bool) -> None:
    number = local.propose().number
    how(local)
    merge = local.tip()
    local.git.commit(later="later = 1\n")
    if then:
        local.git.git("branch", "-q", "-D", NAME)
    pull = local.host.pull(number)
    assert (pull.open, pull.merged, pull.merge_commit) == (False, True, merge)


def test_what_lost_its_branch_is_closed(local: Local) -> None:
    number = local.propose().number
    local.git.git("branch", "-q", "-D", NAME)
    pull = local.host.pull(number)
    assert (pull.open, pull.merged) == (False, False)


def test_a_branch_that_was_pointed_at_main_is_closed_and_not_merged(local: Local) -> None:
    number = local.propose().number
    local.git.git("branch", "-f", NAME, "main")
    local.git.commit(later="later = 1\n")
    for _ in range(2):
        assert (local.host.pull(number).open, local.host.pull(number).merged) == (False, False)


def test_a_push_moves_the_head(local: Local) -> None:
    pull = local.propose()
    local.git.git("checkout", "-q", NAME)
    head = local.git.commit(c="c = 1\n")
    local.git.git("checkout", "-q", "main")
    assert local.host.pull(pull.number).head == head
    with pytest.raises(Superseded):
        local.host.prepare(pull.number, pull.head)


def test_a_merge_on_what_came_since(local: Local) -> None:
    pull = local.propose()
    tip = local.git.commit(a=LATER)
    assert local.host.prepare(pull.number, pull.head)[0] == tip
    made = local.host.merge(pull.number, pull.head, "merge", "fix: one").commit
    assert local.git.read("a.py").decode() == NEW.replace("three = 3", "three = 33")
    assert local.git.git("rev-list", "--parents", "-n1", made).split() == [made, tip, pull.head]
    assert local.git.git("log", "-1", "--format=%an %s%n%b").split("\n")[:2] == [
        "Ann fix: one",
        f"Merge branch '{NAME}' into main",
    ]
    assert local.git.git("status", "--porcelain") == ""


def test_only_the_prepared_merge_gets_in(local: Local) -> None:
    pull = local.propose()
    local.host.prepare(pull.number, pull.head)
    tip = local.git.commit(a=LATER)
    with pytest.raises(Superseded):
        local.host.merge(pull.number, pull.head, "merge")
    assert local.tip() == tip


def test_a_conflict_names_its_files(local: Local) -> None:
    pull = local.propose()
    tip = local.git.commit(a=OLD.replace("one = 1", "one = 111"))
    with pytest.raises(Refusal, match=r"conflicts with what main got since, in a\.py") as refused:
        local.host.merge(pull.number, pull.head, "merge")
    assert "selfmod rebase mod_" in refused.value.hint
    assert (local.tip(), local.git.git("status", "--porcelain")) == (tip, "")


def _changed(local: Local) -> None:
    local.git.put("b.py", "b = 2\n")


def _staged(local: Local) -> None:
    local.git.put("new.py", "new = 1\n")
    local.git.git("add", "new.py")


def _elsewhere(local: Local) -> None:
    local.git.git("checkout", "-q", "-b", "topic")


def _in_the_way(local: Local) -> None:
    local.git.put("c.py", "mine\n")


def _filtered(local: Local) -> None:
    local.git.put(".gitattributes", "*.py filter=x\n")
    local.git.git("add", "-A")
    local.git.git("commit", "-q", "-m", "attributes")


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (_changed, r"not committed yet: b\.py"),
        (_staged, r"not committed yet: new\.py"),
        (_elsewhere, "goes into main, and topic is checked out"),
        (_in_the_way, r"c\.py"),
        (_filtered, "kept through the filter"),
    ],
)
def test_nothing_of_anybodys_is_lost(local: Local, what: Callable[[Local], None], why: str) -> None:
    pull = local.propose(a=NEW, c="c = 1\n")
    what(local)
    before = local.tip("HEAD"), local.git.git("status", "--porcelain")
    with pytest.raises(Refusal, match=why):
        local.host.merge(pull.number, pull.head, "merge")
    assert (local.tip("HEAD"), local.git.git("status", "--porcelain")) == before
    assert local.host.pull(pull.number).open


def test_an_interrupt_comes_before_or_after(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of the move it waits for its end, and what is in is known to be in."""
    pull = local.propose()
    real = rollback._moved

    def moved(*arguments: object) -> None:
        signal.raise_signal(signal.SIGINT)
        real(*arguments)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(rollback, "_moved", moved)
    with pytest.raises(KeyboardInterrupt):
        local.host.merge(pull.number, pull.head, "merge")
    assert local.git.read("a.py").decode() == NEW and local.git.git("status", "--porcelain") == ""
    assert local.host.pull(pull.number).merge_commit == local.tip()


def test_most_files_of_a_conflict_are_not_named(local: Local) -> None:
    names = [f"m{number}" for number in range(merging.SHOWN + 2)]
    local.git.commit(**dict.fromkeys(names, "one = 1\n"))
    pull = local.propose(**dict.fromkeys(names, "one = 11\n"))
    local.git.commit(**dict.fromkeys(names, "one = 111\n"))
    with pytest.raises(Refusal, match="and 2 more"):
        local.host.merge(pull.number, pull.head, "merge")
