"""One attack, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass

from app.standin.state import Pull
from tests.attacks.stage import Stage


@dataclass(frozen=True)
class Outcome:
    """What came of it: `said` in words of GitHub's or of selfmod's, `merged` the pull requests that are in now."""

    said: str
    merged: tuple[int, ...] = ()


@dataclass(frozen=True)
class Attack:
    """`run` tries it. `merges`: it is no attack, but shows that what is agreed does get in."""

    name: str
    tries: str
    run: Callable[[Stage], Outcome]
    merges: bool = False

    def held(self, outcome: Outcome) -> bool:
        """Whether what should not get in did not."""
        return bool(outcome.merged) is self.merges


def pressed(stage: Stage, *pulls: Pull, who: str = "cyd") -> Outcome:
    """Somebody with write access presses Merge on each; what GitHub says to that, and how the gate stands."""
    said = []
    for pull in pulls:
        answer = stage.merge(pull, who)
        gate = stage.gate_of(pull.head)
        state = gate.conclusion or gate.status
        said.append(f"GitHub: {answer.json()['message']} Gate: {state}, {gate.output['title']}")
    return Outcome(" / ".join(dict.fromkeys(said)), tuple(each.number for each in pulls if each.merged))
