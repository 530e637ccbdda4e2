"""From seconds to ratios, and the table that is printed."""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

FIRST, CHANGED, MEMORY = 1.0, 0.1, 1024
"""The targets on a tree of about 100,000 lines: ratios to bandit + ruff, and MiB."""


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of the tools in one round: ratios are made within a round, so a busy minute weighs on both sides.

    `first`: the cache is empty; `again`: nothing changed; `changed`: one line more in the file of median size,
    `largest`: in the largest file."""

    bandit: float
    ruff: float
    first: float
    again: float
    changed: float
    largest: float

    @property
    def others(self) -> float:
        """bandit and ruff one after the other."""
        return self.bandit + self.ruff


@dataclass(frozen=True, slots=True)
class Measured:
    """One package: its lines and files of Python, what each tool found, the rounds, and the peak of memory in bytes
    (None: unknown)."""

    package: str
    lines: int
    files: int
    found: dict[str, int]
    rounds: tuple[Round, ...]
    peak: int | None

    def ratio(self, seconds: Callable[[Round], float]) -> float:
        """selfmod ÷ (bandit + ruff): the median of the rounds' ratios."""
        return median(seconds(each) / each.others for each in self.rounds)

    def seconds(self, of: Callable[[Round], float]) -> float:
        """The median of the rounds' seconds."""
        return median(map(of, self.rounds))

    def spread(self, seconds: Callable[[Round], float]) -> tuple[float, float]:
        """The smallest and the largest of the rounds' ratios: how noisy the machine was."""
        ratios = [seconds(each) / each.others for each in self.rounds]
        return min(ratios), max(ratios)


_KINDS: tuple[tuple[str, Callable[[Round], float]], ...] = (
    ("first", lambda r: r.first),
    ("again", lambda r: r.again),
    ("one changed", lambda r: r.changed),
    ("largest changed", lambda r: r.largest),
)


def render(packages: Sequence[Measured]) -> str:
    """The table in Markdown with the machine above and the targets below it."""
    head = ["package", "lines", "files", "bandit + ruff"]
    head += [part for name, _ in _KINDS for part in (name, "×")] + ["memory"]
    rows = [head, *map(_row, packages)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    rows.insert(1, ["-" * width for width in widths])
    table = ["| " + " | ".join(f"{c:{w}}" for c, w in zip(row, widths, strict=True)) + " |" for row in rows]
    return "\n".join([machine(), "", *table, "", _legend(packages), "", *_verdicts(packages)])


def _row(each: Measured) -> list[str]:
    cells = [each.package, f"{each.lines:,}", str(each.files), f"{each.seconds(lambda r: r.others):.2f} s"]
    for _, kind in _KINDS:
        low, high = each.spread(kind)
        cells += [f"{each.seconds(kind):.2f} s", f"{each.ratio(kind):.2f} ({low:.2f}–{high:.2f})"]
    return [*cells, "unknown" if each.peak is None else f"{each.peak / 2**20:.0f} MiB"]


def _legend(packages: Sequence[Measured]) -> str:
    rounds = min((len(each.rounds) for each in packages), default=0)
    found = "; ".join(
        f"{each.package}: " + ", ".join(f"{tool} {count}" for tool, count in each.found.items()) for each in packages
    )
    return (
        f"Medians of {rounds} rounds; × is selfmod ÷ (bandit + ruff one after the other) within a round,\n"
        "with the least and the most.\n"
        "first: empty cache; again: nothing changed; one changed: one line more in the file of median size,\n"
        "largest changed: in the largest file.\n"
        "memory: peak of a first review, proportional set sizes of the process and its children, sampled from /proc.\n"
        f"findings: {found}."
    )


def _verdicts(packages: Sequence[Measured]) -> list[str]:
    """The targets are for a tree of about 100,000 lines: the largest is held to them."""
    if not packages:
        return []
    most = max(packages, key=lambda each: each.lines)
    first, changed = most.ratio(lambda r: r.first), most.ratio(lambda r: r.changed)
    lines = [
        f"targets, on the largest tree ({most.package}, {most.lines:,} lines):",
        f"  first review at most {FIRST:.1f} ×: {first:.3f} × {_word(first <= FIRST)}",
        f"  after one changed file at most {CHANGED:.1f} ×: {changed:.3f} × {_word(changed <= CHANGED)}",
    ]
    if most.peak is not None:
        mebibytes = most.peak / 2**20
        lines.append(f"  memory under {MEMORY} MiB: {mebibytes:.0f} MiB {_word(mebibytes < MEMORY)}")
    return lines


def _word(holds: bool) -> str:
    return "met" if holds else "missed"


def machine() -> str:
    """Cores that may be used, the Python, the system."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{cores} cores, {python}, {platform.system()} {platform.machine()}"
