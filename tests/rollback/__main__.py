"""`python -m tests.rollback [--histories N] [--first SEED]`: generated histories, and the rollback of each."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.rollback.histories import WAYS, generated
from tests.rollback.trying import tried


def main(words: Sequence[str]) -> int:
    """Prints the figures; 0 where none is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.rollback", description=__doc__)
    parser.add_argument("--histories", type=int, default=300, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    asked = parser.parse_args(words)
    seeds = range(asked.first, asked.first + asked.histories)
    with tempfile.TemporaryDirectory() as folder:
        found = list(tried(Path(folder) / "work", map(generated, seeds)))
    print(f"{'came in by':12}{'later edits of':16}{'histories':>10}{'equal':>8}{'conflict':>10}{'wrong':>8}")
    rows = Counter((each.history.way, each.history.apart, each.outcome) for each in found)
    for way in WAYS:
        for apart, name in ((True, "other files"), (False, "same files")):
            figures = [rows[way, apart, outcome] for outcome in ("equal", "conflict", "wrong")]
            print(f"{way:12}{name:16}{sum(figures):10}{figures[0]:8}{figures[1]:10}{figures[2]:8}")
    total = Counter(each.outcome for each in found)
    print(f"{'all':28}{len(found):10}{total['equal']:8}{total['conflict']:10}{total['wrong']:8}")
    for each in found:
        if each.outcome == "wrong":
            print(f"seed {each.history.seed}: {each.why}")
    return 1 if total["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
