from dataclasses import replace
from pathlib import Path

from checks.repository.snapshot import of_commit
from checks.risk.factors import hot_spots
from tests.changed import change, edited, evidence
from tests.repositories import made


def test_hot_spots_are_unknown_without_a_history_and_seen_with_one(tmp_path: Path) -> None:
    (found,) = hot_spots.weigh(evidence(edited(src__shop__cart_py="x = 1\n")))
    assert (found.known, found.weight) == (False, 1)
    repository = made(tmp_path / "work")
    for number in range(20):
        repository.put(f"m{number}.py", "x = 1\n" * 10)
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "Begin")
    for number in range(3):
        repository.put("m1.py", f"y = {number}\n" * 40)
        repository.git("commit", "-qam", "Fix a crash")
    base = repository.git("rev-parse", "HEAD").strip()
    weights = {}
    for name in ("m1", "m2"):
        head = repository.commit(**{name: "z = 1\n"})
        of = replace(
            change({f"{name}.py": "a"}, {f"{name}.py": "b"}),
            base=of_commit(repository.root, base),
            head=of_commit(repository.root, head),
            root=repository.root,
            base_commit=base,
        )
        (found,) = hot_spots.weigh(evidence(of))
        weights[name] = found.weight
        # what selfmod proposes on the working tree has the history of HEAD
        (same,) = hot_spots.weigh(evidence(replace(of, base_commit=None)))
        assert same.known
    assert weights == {"m1": 3, "m2": 0}


def test_a_folder_that_is_no_repository_has_no_history(tmp_path: Path) -> None:
    (found,) = hot_spots.weigh(evidence(replace(edited(src__shop__cart_py="x = 1\n"), root=tmp_path)))
    assert not found.known
