"""Ratios and the table, on numbers that were made up."""

import pytest

from tests.benchmarks.table import Measured, Round, machine, render

ROUNDS = (
    Round(4.0, 1.0, 2.5, 0.5, 1.0, 1.1),
    Round(8.0, 2.0, 6.0, 0.5, 0.9, 1.0),
    Round(1.0, 1.0, 1.4, 0.4, 0.5, 0.6),
)


def of(rounds: tuple[Round, ...], lines: int = 90_000, peak: int | None = 300 * 2**20) -> Measured:
    return Measured(f"made-up {lines}", lines, 12, {"bandit": 3, "ruff": 4, "selfmod": 5}, rounds, peak)


def test_ratios_are_made_within_a_round() -> None:
    each = of(ROUNDS)
    assert each.ratio(lambda r: r.first) == pytest.approx(0.6)  # of 0.5, 0.6, 0.7; of the medians it would be 0.5
    assert each.spread(lambda r: r.first) == pytest.approx((0.5, 0.7))
    assert each.seconds(lambda r: r.first) == 2.5


def test_the_table_shows_ratios_seconds_and_memory() -> None:
    lines = render([of(ROUNDS)]).splitlines()
    assert lines[0] == machine()
    cells = [cell.strip() for cell in lines[4].strip("| ").split("|")]
    assert cells[:6] == ["made-up 90000", "90,000", "12", "5.00 s", "2.50 s", "0.60 (0.50–0.70)"]
    assert cells[-1] == "300 MiB"
    assert len({len(line) for line in lines[2:5]}) == 1


@pytest.mark.parametrize(
    ("changed", "peak", "words"),
    [
        (0.5, 1023 * 2**20, ["met", "met", "met"]),
        (0.6, 1024 * 2**20, ["met", "missed", "missed"]),
        (0.5, None, ["met", "met"]),
    ],
)
def test_the_largest_tree_is_held_to_the_targets(changed: float, peak: int | None, words: list[str]) -> None:
    slow = of((Round(1.0, 0.0, 9.0, 9.0, 9.0, 9.0),), lines=6_000)
    large = of((Round(4.0, 1.0, 5.0, 0.2, changed, 9.0),), peak=peak)
    verdicts = render([large, slow]).split("targets, on the largest tree (made-up 90000, 90,000 lines):\n")[1]
    assert [line.rsplit(" ", 1)[1] for line in verdicts.splitlines()] == words


def test_a_missed_first_review_is_said() -> None:
    assert "at most 1.0 ×: 1.200 × missed" in render([of((Round(4.0, 1.0, 6.0, 0.2, 0.2, 0.2),))])
