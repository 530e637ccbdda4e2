"""`python -m tests.faults.whole_app`: every scenario on SQLite and on PostgreSQL, and the table of outcomes.

`--quick` tries each a few times, as the test does."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import postgres
from tests.faults.whole_app import scenarios
from tests.faults.whole_app.house import Whole, whole
from tests.faults.whole_app.scenarios import READS, WRITES, Tally


def on_sqlite(folder: Path, quick: bool) -> Iterator[Tally]:
    """Everything that one worker and SQLite show."""
    times = 1 if quick else 10
    with whole(folder, workers=1) as house:
        count = scenarios.calls_of_a_review(house)
        every = [(number, when) for number in range(1, count + 1) for when in ("before", "after")]
        yield scenarios.killed_at_calls(house, every[:: max(1, len(every) // 6)] if quick else every)
        yield scenarios.killed_at_any_time(house, 2 if quick else 40, 4.0)
        yield scenarios.server_killed(house, times)
        yield scenarios.delivered_often(house, times)
        yield scenarios.out_of_order(house, 2 if quick else 10)
        yield scenarios.pushed_in_the_middle(house, times)
        yield from wrong(house, quick)


def wrong(house: Whole, quick: bool) -> Iterator[Tally]:
    """What GitHub answers."""
    some = slice(0, 2) if quick else slice(None)
    made = WRITES[:4]  # the labels of the repository are there by now
    yield scenarios.going_wrong(house, "5xx_after_work", made[some])
    yield scenarios.going_wrong(house, "disconnect_after_work", made[some])
    yield scenarios.going_wrong(house, "5xx", (made + READS)[some])
    yield scenarios.going_wrong(house, "secondary_limit", made[some])
    yield scenarios.going_wrong(house, "expire_token", (made + READS[:4])[some])


def on_postgresql(folder: Path, quick: bool) -> Iterator[Tally]:
    """What only several workers and a database of its own show."""
    cluster = postgres.started()
    try:
        with whole(folder, cluster.database(), workers=3) as house:
            yield scenarios.one_of_three(house, 1 if quick else 10)
            yield scenarios.delivered_often(house, 1 if quick else 10)
            yield scenarios.database_restarted(house, 2 if quick else 12, cluster.restart)
    finally:
        postgres.ended(cluster)


PARTS: dict[str, Callable[[Path, bool], Iterator[Tally]]] = {"SQLite": on_sqlite, "PostgreSQL": on_postgresql}


def main() -> int:
    """0 where everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.whole_app", description="Faults of the whole App.")
    parser.add_argument("--quick", action="store_true", help="try each scenario a few times")
    parser.add_argument("--only", choices=sorted(PARTS), help="one of the databases")
    chosen = parser.parse_args()
    broken = 0
    print("| database | scenario | tried | held |\n| --- | --- | --- | --- |")
    for name, part in PARTS.items():
        if chosen.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                for tally in part(Path(folder), chosen.quick):
                    said = "all" if not tally.broken else "; ".join(tally.broken[:5])
                    print(f"| {name} | {tally.name} | {tally.tried} | {said} |", flush=True)
                    broken += len(tally.broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
