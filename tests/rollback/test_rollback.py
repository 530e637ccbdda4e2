"""The tree after a rollback is that of the same history without the modification, or a conflict is reported."""

from collections import Counter
from pathlib import Path

from tests.rollback.__main__ import main
from tests.rollback.histories import WAYS, generated
from tests.rollback.trees import Add, Elsewhere, File, Insert, Remove, Rename, Replace, after
from tests.rollback.trying import tried


def test_generated_histories(tmp_path: Path) -> None:
    found = list(tried(tmp_path / "work", map(generated, range(120))))
    assert [(each.history.seed, each.why) for each in found if each.outcome == "wrong"] == []
    outcomes = Counter((each.history.way, each.outcome) for each in found)
    assert all(outcomes[way, outcome] >= 10 for way in WAYS for outcome in ("equal", "conflict"))
    # git asks a person about a file of a folder that was renamed as a whole, and else about nothing
    needless = [each for each in found if each.history.apart and each.outcome == "conflict"]
    assert all(each.history.renames for each in needless) and len(needless) < 6
    assert sum(each.history.without is not None and each.outcome == "equal" for each in found) > 50


def test_the_figures_are_printed(capsys) -> None:
    assert main(["--histories", "3", "--first", "500"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split()[:2] == ["all", "3"]


def test_a_history_is_the_same_every_time() -> None:
    assert generated(7) == generated(7) != generated(10)


def test_edits_in_a_tree_that_lacks_what_they_need() -> None:
    text = File("a.py", lines=("one", "two"))
    with_it = after({1: text}, (Insert(1, "one", ("added",)), Add(2, File("b.py", lines=("b",)))))
    other = Elsewhere({1: text})
    edits = (Rename(1, "c.py"), Replace(1, "two", ("2",)), Replace(1, "added", ("more",)), Replace(2, "b", ("B",)))
    for edit in edits:
        other.make(edit)
    assert other.tree == {1: File("c.py", lines=("one", "2"))} and len(other.owed) == 2
    assert after(with_it, edits)[2].lines == ("B",)
    other.make(Replace(1, "more", ()))
    other.make(Remove(2))
    assert not other.owed
