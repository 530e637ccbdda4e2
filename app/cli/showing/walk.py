"""The walk down the whole line, step by step, and what each step must show. The demo and the smoke test share it: it
knows a person at GitHub and nothing else."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.cli.showing.scene import Fell, Scene, Skipped
from app.model.trouble import Gone, Unavailable
from checks.model.errors import Refusal


class Outcome(StrEnum):
    """How a step ended."""

    HELD = "held"
    FELL = "did not hold"
    SKIPPED = "skipped"


@dataclass(slots=True)
class Told:
    """What a step did and saw, in that order: who (empty for what GitHub shows) and what (a comment as typed). `links`
    are pages."""

    events: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def by(self, who: str, what: str) -> None:
        """Somebody did something."""
        self.events.append((who, what))

    def see(self, line: str) -> None:
        """A line that GitHub shows."""
        self.events.append(("", line))

    def link(self, url: str) -> None:
        """A page, once."""
        if url not in self.links:
            self.links.append(url)


@dataclass(frozen=True, slots=True)
class Step:
    """`run` raises Skipped or Fell; what it returns without raising held."""

    name: str
    title: str
    run: Callable[[Scene, Told], None]


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was tried; `why` says why it was skipped or did not hold."""

    name: str
    title: str
    outcome: Outcome
    why: str
    seconds: float
    told: Told


def walk(scene: Scene, steps: Sequence[Step]) -> Iterator[Done]:
    """Each step as it ends, up to the first that does not hold: the later ones build on it."""
    for step in steps:
        scene.progress(step.title)
        told, began, outcome, why = Told(), time.monotonic(), Outcome.HELD, ""
        try:
            step.run(scene, told)
        except Skipped as reason:
            outcome, why = Outcome.SKIPPED, str(reason)
        except Fell as reason:
            outcome, why = Outcome.FELL, str(reason)
        except (Gone, Unavailable, Refusal) as error:
            outcome, why = Outcome.FELL, f"GitHub did not do it: {error}"
        yield Done(step.name, step.title, outcome, why, time.monotonic() - began, told)
        if outcome is Outcome.FELL:
            return
