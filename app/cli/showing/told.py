"""The walk in words for a terminal, and as one JSON document."""

import json
from collections.abc import Sequence

from app.cli.showing.scene import Scene
from app.cli.showing.walk import Done, Outcome
from checks.reports.safe import for_terminal

VERSION = 1
_BOLD, _DIM, _END = "\033[1m", "\033[2m", "\033[0m"
_MARKS = {Outcome.HELD: "held", Outcome.FELL: "did not hold", Outcome.SKIPPED: "skipped"}
_COLOURS = {Outcome.HELD: "\033[32m", Outcome.FELL: "\033[31m", Outcome.SKIPPED: "\033[33m"}
WIDTH = 100


def step(number: int, of: int, done: Done, colour: bool = False) -> str:
    """One step: its title with the outcome, who did what, what GitHub shows then, and where to look."""
    bold, dim, end, mark = (_BOLD, _DIM, _END, _COLOURS[done.outcome]) if colour else ("", "", "", "")
    title = f"{number}/{of}  {done.title}"
    space = " " * max(2, WIDTH - 22 - len(title))
    lines = [f"{bold}{title}{end}{space}{mark}{_MARKS[done.outcome]}{end}  {done.seconds:.1f} s"]
    for who, what in done.told.events:
        lines.append(f"  {bold}{for_terminal(who)}{end} {for_terminal(what)}" if who else f"    {for_terminal(what)}")
    if done.why:
        lines.append(f"  {_MARKS[done.outcome]}: {for_terminal(done.why)}")
    lines += [f"  {dim}{for_terminal(each)}{end}" for each in done.told.links]
    return "\n".join(lines) + "\n"


def command(seconds: dict[str, float]) -> str:
    """From the command to the pull request, and where the time goes; empty where nothing was asked."""
    first = seconds.get("first pull request")
    if first is None:
        return ""
    parts = ", ".join(f"{name} after {took:.1f} s" for name, took in seconds.items() if name != "first pull request")
    return f"command to pull request: {first:.1f} s ({parts})"


def end(done: Sequence[Done], steps: int, scene: Scene, seconds: float) -> str:
    """How it went, in a few lines."""
    count = {outcome: sum(each.outcome is outcome for each in done) for outcome in Outcome}
    said = [f"{count[Outcome.HELD]} of {steps} steps held"]
    if count[Outcome.SKIPPED]:
        said.append(f"{count[Outcome.SKIPPED]} skipped")
    if fell := next((each for each in done if each.outcome is Outcome.FELL), None):
        said.append(f"“{fell.title}” did not hold")
        if rest := steps - len(done):
            said.append(f"{rest} not reached")
    return "\n".join(filter(None, (f"{', '.join(said)}, in {seconds:.1f} s", command(scene.command))))


def document(
    done: Sequence[Done], names: Sequence[str], scene: Scene, seconds: float, setup: float, **more: object
) -> str:
    """All of it as JSON. `held`: every step held; a skipped one has not. Times are seconds."""
    listed = [
        {
            "name": each.name,
            "title": each.title,
            "outcome": each.outcome.value,
            "why": each.why,
            "seconds": round(each.seconds, 3),
            "events": [{"who": who, "did": what} if who else {"shows": what} for who, what in each.told.events],
            "links": each.told.links,
        }
        for each in done
    ]
    whole = {
        "version": VERSION,
        **more,
        "ok": passed(done),
        "held": passed(done) and len(done) == len(names) and all(each.outcome is Outcome.HELD for each in done),
        "seconds": round(seconds, 3),
        "setup_seconds": round(setup, 3),
        "command_seconds": {name: round(took, 3) for name, took in scene.command.items()},
        "steps": listed,
        "not_reached": list(names[len(done) :]),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def passed(done: Sequence[Done]) -> bool:
    """Whether no step fell, and one at least held: a walk of skipped steps shows nothing."""
    outcomes = [each.outcome for each in done]
    return Outcome.FELL not in outcomes and Outcome.HELD in outcomes
