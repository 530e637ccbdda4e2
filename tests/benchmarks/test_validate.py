"""`make benchmark`: a whole validation beside the bare run of the same tests. The table is the result."""

import json
import tempfile
import time
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.suites import ROUNDS, Suite, bare, environment
from tests.commands import process
from tests.complete import sdists
from tests.repositories import Repository

SUITE = Suite(sdists.Package("click", "8.5.1"), (), ("tests",))
FILE = "src/click/utils.py"


@pytest.mark.benchmark
@pytest.mark.timeout(1800)
def test_a_validation_end_to_end() -> None:
    place = environment(SUITE)
    rounds: list[tuple[float, float, dict[str, float]]] = []
    with tempfile.TemporaryDirectory(prefix="selfmod-benchmark-") as folder:
        tree = sdists.unpacked(SUITE.package, Path(folder) / "sources")
        repository = Repository(tree)
        repository.git("init", "-q", "-b", "main")
        repository.commit()
        repository.put(FILE, repository.read(FILE) + b"\n\ndef doubled(number: int) -> int:\n    return number * 2\n")
        repository.commit()
        for _ in range(ROUNDS):
            started = time.monotonic()
            bare(tree, place, SUITE)
            outside = time.monotonic() - started
            started = time.monotonic()
            ran = process("validate", "--base", "HEAD~1", "--python", place, "--no-cache", "--json", at=tree)
            whole = time.monotonic() - started
            assert ran.code == 0, ran.error
            stages = {each["stage"]: each["seconds"] for each in json.loads(ran.out)["stages"]}
            rounds.append((outside, whole, stages))
    names = list(rounds[0][2])
    print(f"\n{SUITE.package}, one function more; medians of {ROUNDS} rounds, in seconds")
    print(f"| bare tests | validation | ÷ bare | {' | '.join(names)} |\n{'|---' * (3 + len(names))}|")
    ratio = median(whole / outside for outside, whole, _ in rounds)
    cells = [f"{median(each[2][name] for each in rounds):.2f}" for name in names]
    outside, whole = median(each[0] for each in rounds), median(each[1] for each in rounds)
    print(f"| {outside:.2f} | {whole:.2f} | {ratio:.2f} | {' | '.join(cells)} |")
