"""A merged pull request is taken back by another one, on the stand-in; each way of merging, conflicts, twice."""

import pytest

from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.model.trouble import Unavailable
from app.store import audit, records
from app.store.naming import moving
from app.store.proposed import modifications
from app.store.records import Record
from app.views.proposing.rollback import MARKER
from app.workflows import rollback
from app.workflows.rollback import STEPS
from app.workflows.steps import State, run_all
from checks.model.errors import Refusal
from tests.forges import FILES, REPOSITORY, Forge

CART, TEST = "src/shop/cart.py", "tests/test_cart.py"


def merged(forge: Forge, method: str = "squash", **files: str) -> int:
    """A pull request of two commits that was merged; its number."""
    branch = f"topic-{len(forge.repository.pulls)}"
    forge.github.push(REPOSITORY, branch, {"src/shop/more.py": "A = 1\n"}, by="bob")
    forge.github.push(
        REPOSITORY, branch, files or {CART: FILES[CART].replace("sum(prices)", "sum(prices) + 0")}, by="bob"
    )
    number = forge.github.open_pull(REPOSITORY, branch, by="bob").number
    forge.host.merge(number, forge.host.pull(number).head, method)
    return number


def asked(forge: Forge, number: int, words: str = "", by: str = "ann") -> Job:
    comment = forge.say(number, f"/selfmod rollback {words}", by)
    told = words or str(number)
    return forge.job(Kind.ROLLBACK, number, comment=comment, actor=by, needs="write", words=told)


def tree(forge: Forge, ref: str) -> str:
    found = forge.repository.git.tip(ref)
    assert found is not None
    return forge.repository.git.commit(found).tree


def said(forge: Forge, number: int) -> str:
    return "\n".join(each.body for each in forge.comments(number) if each.app is not None)


@pytest.mark.parametrize("by_github", [True, False], ids=["by GitHub", "by ourselves"])
@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_the_tree_is_as_it_was(forge: Forge, method: str, by_github: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(forge, "main")
    number = merged(forge, method)
    if not by_github:
        monkeypatch.setattr("app.github.host.reverting.revert", lambda *_: None)
    state = run_all(STEPS, forge.tools(), asked(forge, number, f"{number} totals are wrong"))
    pull = forge.repository.pull(state["revert"])
    assert pull is not None
    assert tree(forge, pull.head_ref) == before
    body = pull.issue.body or ""
    assert f"Takes back #{number}" in body
    assert "totals are wrong" in body
    assert f"#{pull.number} takes this back, asked for by @&#8203;ann: totals are wrong." in said(forge, number)
    assert said(forge, number).count(f"#{pull.number} takes") == 1
    kept = modifications.of_pull(forge.store, REPOSITORY, pull.number)
    assert kept is not None
    assert (kept.reverts, kept.requester, kept.status) == (f"#{number}", "ann", Status.PENDING_APPROVAL)
    assert [each.kind for each in audit.about(forge.store, REPOSITORY, f"{REPOSITORY}#{number}", 10)] == ["rollback"]


@pytest.mark.parametrize("by_github", [True, False], ids=["by GitHub", "by ourselves"])
def test_what_came_later_elsewhere_stays(forge: Forge, by_github: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    number = merged(forge)
    forge.github.push(REPOSITORY, "main", {TEST: FILES[TEST] + "\n# later\n"}, by="ann")
    if not by_github:
        monkeypatch.setattr("app.github.host.reverting.revert", lambda *_: None)
    state = run_all(STEPS, forge.tools(), asked(forge, number))
    ref = forge.host.pull(state["revert"]).head_ref
    assert forge.host.file(TEST, ref) == (FILES[TEST] + "\n# later\n").encode()
    assert forge.host.file(CART, ref) == FILES[CART].encode()
    assert forge.host.file("src/shop/more.py", ref) is None


def test_a_conflict_is_told_with_the_files_and_opens_nothing(forge: Forge) -> None:
    number = merged(forge)
    forge.github.push(REPOSITORY, "main", {CART: FILES[CART].replace("sum(prices)", "sum(prices) - 9")}, by="ann")
    state = run_all(STEPS, forge.tools(), asked(forge, number))
    assert [path for path, _ in state["conflict"]] == [CART]
    assert len(forge.repository.pulls) == 1
    answer = said(forge, number)
    assert f"`{CART}`" in answer
    assert "git revert" in answer


def test_every_step_twice_opens_one(forge: Forge) -> None:
    number = merged(forge)
    job = asked(forge, number)
    state: State = {}
    for step in STEPS:
        step.run(forge.tools(), job, dict(state))
        state |= step.run(forge.tools(), job, dict(state))
    assert len(forge.repository.pulls) == 2
    assert len([each for each in forge.comments(number) if each.body.startswith(MARKER[:20])]) <= 1
    other = run_all(STEPS, forge.tools(), asked(forge, number, str(number), "bob"))
    assert other["revert"] == state["revert"]


@pytest.mark.parametrize("pushed", [True, False])
def test_what_somebody_pushed_during_a_crash_is_not_taken_for_ours(
    forge: Forge, pushed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = merged(forge)
    job = asked(forge, number)

    def cut(*_: object) -> None:
        raise Unavailable("the line is cut")

    with monkeypatch.context() as patch:
        patch.setattr(rollback, "_keep", cut)
        with pytest.raises(Unavailable):
            run_all(STEPS, forge.tools(), job)
    (revert,) = (each for each in forge.repository.pulls if each.number != number)
    if pushed:
        forge.github.push(REPOSITORY, revert.head_ref, {TEST: "evil = 1\n"}, by="bob")
    state = run_all(STEPS, forge.tools(), job)
    assert state["revert"] == revert.number
    kept = modifications.of_pull(forge.store, REPOSITORY, revert.number)
    assert kept is not None
    assert kept.head == ("" if pushed else forge.host.pull(revert.number).head)


def test_a_rollback_is_rolled_back_and_then_the_first_again(forge: Forge) -> None:
    after = merged(forge)
    changed = tree(forge, "main")
    for _ in range(2):
        undo = run_all(STEPS, forge.tools(), asked(forge, after))["revert"]
        forge.host.merge(undo, forge.host.pull(undo).head, "squash")
        redo = run_all(STEPS, forge.tools(), asked(forge, undo))["revert"]
        forge.host.merge(redo, forge.host.pull(redo).head, "squash")
        assert tree(forge, "main") == changed
        after = redo


def test_by_identifier_and_what_cannot_be_taken_back(forge: Forge) -> None:
    number = merged(forge)
    undo = run_all(STEPS, forge.tools(), asked(forge, number))["revert"]
    kept = modifications.of_pull(forge.store, REPOSITORY, undo)
    assert kept is not None
    for words, reason in (
        (kept.id, f"#{undo} was not merged."),
        ("999", "there is no pull request 999 here"),
        ("mod_000000000000", "mod_000000000000 is not known here"),
    ):
        with pytest.raises(Refusal, match=reason):
            rollback.find(forge.tools(), asked(forge, number, words), {})
    with pytest.raises(Refusal, match="needs write access to this repository; @eve has read"):
        rollback.find(forge.tools(), asked(forge, number, "", "eve"), {})


def test_nothing_left_is_said(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    number = merged(forge)
    forge.github.push(REPOSITORY, "main", {CART: FILES[CART], "src/shop/more.py": None}, by="ann")
    state = run_all(STEPS, forge.tools(), asked(forge, number))
    assert state["gone"] == "main"
    assert "nothing to take back" in said(forge, number)


def test_what_belongs_to_the_repository_that_had_this_name_is_not_taken_back_here(forge: Forge) -> None:
    number = merged(forge)
    moving.call(forge.store, 8, REPOSITORY)
    made = Modification(REPOSITORY, Sort.FIX, "selfmod/fix/x", "main", "t", number=number, status=Status.APPLIED)
    theirs = modifications.put(forge.store, made).id
    judged = records.put(forge.store, Record(REPOSITORY, number, "b" * 40, "a" * 40, "b" * 40, {}))
    moving.call(forge.store, 9, "acme/later")
    moving.call(forge.store, 9, REPOSITORY)
    for identifier in (theirs, judged):
        with pytest.raises(Refusal, match="is not known here"):
            rollback.find(forge.tools(), asked(forge, number, identifier), {})
    assert rollback.find(forge.tools(), asked(forge, number, str(number)), {})["named"] == f"#{number}"
