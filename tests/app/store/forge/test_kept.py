"""What a local repository has no forge to keep."""

from dataclasses import replace

from app.model.forge import CheckRun, Conclusion, Person, Pull
from app.store.connect import Store
from app.store.forge.kept import Kept

OWN = Person("selfmod", 1, bot=True)
PULL = Pull(0, "t\0", "b", OWN, "a" * 40, "selfmod/fix/x", "local/repository", "main", "b" * 40, "local/repository",
            own=True)  # fmt: skip


def test_proposals_are_numbered_and_replaced(store: Store) -> None:
    kept = Kept(store, "local/repository", OWN, 1)
    first, second = kept.add(PULL), kept.add(replace(PULL, title="t", head_ref="selfmod/fix/y"))
    assert (first.number, second.number) == (1, 2)
    assert kept.pull(1) == replace(first, title="t\\x00") and kept.pull(3) is None
    now = kept.put(replace(second, merged=True, open=False, merge_commit="c" * 40, labels=("one", "two")))
    assert kept.pulls() == (now, kept.pull(1)) and now.created == second.created and now.updated > second.updated


def test_a_run_of_a_name_and_commit_is_one(store: Store) -> None:
    kept = Kept(store, "local/repository", OWN, 1)
    run = CheckRun("selfmod/gate", "a" * 40, "k", "waits", "s")
    number = kept.put_run(run)
    assert kept.put_run(replace(run, conclusion=Conclusion.FAILURE)) == number
    assert kept.put_run(replace(run, head="b" * 40)) != number
    assert [(each.status, each.conclusion) for each in kept.runs("a" * 40)] == [("completed", "failure")]
    assert [each.status for each in kept.runs("b" * 40)] == ["in_progress"]


def test_a_comment_of_a_newer_generation_stays(store: Store) -> None:
    kept = Kept(store, "local/repository", OWN, 1)
    for generation, body in ((2, "two"), (1, "one"), (2, "again")):
        kept.put_comment(1, "m", body, generation)
    kept.put_comment(2, "m", "other", 1)
    (found,) = kept.comments(1)
    assert found.body == "<!-- m generation=2 -->\nagain" and found.own and found.author == OWN
    kept.remove_comment(1, "m")
    assert kept.comments(1) == () and len(kept.comments(2)) == 1
