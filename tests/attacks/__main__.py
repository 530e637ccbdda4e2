"""`python -m tests.attacks [NAME …]`: tries each attack on the stand-in, and prints the table as Markdown.

1 where something got in that should not, or where nothing gets in at all."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.attacks import people, words
from tests.attacks.attack import Attack, Outcome
from tests.attacks.stage import stage

ATTACKS: tuple[Attack, ...] = (*people.ATTACKS, *words.ATTACKS)


def main(given: Sequence[str]) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="NAME")
    asked = parser.parse_args(given)
    chosen = [each for each in ATTACKS if not asked.only or each.name in asked.only]
    print("| attack | what was tried | outcome | held |\n| --- | --- | --- | --- |")
    held = True
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as made:
        for each in chosen:
            outcome = each.run(made)
            held = held and each.held(outcome)
            print(row(each, outcome), flush=True)
    return 0 if held and chosen else 1


def row(attack: Attack, outcome: Outcome) -> str:
    """One line of the table."""
    told = [attack.name, attack.tries, outcome.said, "yes" if attack.held(outcome) else "NO"]
    return f"| {' | '.join(each.replace('|', '/').replace(chr(10), ' ') for each in told)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
