"""Where the walk takes place: who takes part, what is asked for, and how long anybody waits for an answer."""

import html
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.cli.showing.person import Comment, Person, Pull, Run, level_of
from app.model.trouble import Gone, Unavailable

GATE = "selfmod/gate"
VALIDATION = "selfmod/validation"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_WAITING = ("waiting for ", "stopped by ", "blocked: ", "would wait for ")


class Skipped(Exception):
    """The step cannot be shown here; the text says why. It is never counted as held."""


class Fell(Exception):
    """The step did not hold; the text says what was seen instead."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What somebody's pull request brings: its title, branch, files, and which of them has a fault."""

    title: str
    branch: str
    files: dict[str, str]
    path: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What is asked for: comments, on an issue about the default branch or on the pull request itself. `base` is the
    branch that the proposals go into, `held` whether it requires the gate (else why not)."""

    comments: tuple[str, ...]
    on_issue: bool
    base: str
    held: bool
    why_not: str = ""


@dataclass(slots=True)
class Scene:
    """`requester` asks for everything; `approvers` are others who may approve. `pace` are seconds between two looks,
    `limit` those that a step may wait. The rest is what the steps found, for those that come later."""

    requester: Person
    approvers: Sequence[Person]
    target: str
    fault: Fault
    fix: Fix
    pace: float = 0.2
    limit: float = 60.0
    progress: Callable[[str], object] = lambda what: None
    pull: int = 0
    proposals: list[int] = field(default_factory=list)
    merged: list[int] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)
    command: dict[str, float] = field(default_factory=dict)
    """Seconds from a command to what followed it, in order."""

    def until[T](self, what: str, look: Callable[[], T | None]) -> T:
        """The first answer that is something. Raises Fell where none came within the limit."""
        self.progress(f"waiting for {what}")
        ends, trouble = time.monotonic() + self.limit, ""
        while True:
            try:
                found = look()
                trouble = ""
            except (Gone, Unavailable) as error:  # what was made a moment ago may not be everywhere yet
                found, trouble = None, f" ({error})"
            if found is not None and found is not False:
                return found
            if time.monotonic() > ends:
                raise Fell(f"waited {self.limit:.0f} s in vain for {what}{trouble}")
            time.sleep(self.pace)

    def judgement(self, number: int) -> tuple[Pull, tuple[Run, ...]] | None:
        """A pull request with the check runs of its head, once its gate says something of that head: an outcome, or for
        whom it waits."""
        pull = self.requester.pull(number)
        runs = self.requester.runs(pull.head)
        gate = next((each for each in runs if each.name == GATE), None)
        if gate is None or not (gate.conclusion or any(each in gate.title for each in _WAITING)):
            return None
        return pull, runs

    def gate(self, number: int) -> Run | None:
        """The gate of a pull request's head, once it says something."""
        found = self.judgement(number)
        return next(each for each in found[1] if each.name == GATE) if found else None

    def labelled(self, number: int) -> tuple[Pull, tuple[Run, ...]] | None:
        """The same, once its label says the level that its gate says."""
        found = self.judgement(number)
        if found is None:
            return None
        gate = next(each for each in found[1] if each.name == GATE)
        level = level_of(found[0].labels)
        return found if level and (gate.title.startswith((level, "stopped by "))) else None

    def steady(self, number: int) -> Pull | None:
        """An own pull request once it is on the newest commit of its base and judged there, or ended: selfmod makes it
        anew where its base moved, and approvals of before are void."""
        pull = self.requester.pull(number)
        if not pull.open:
            return pull
        on_top = self.requester.parent(pull.head) == self.requester.tip(pull.base)
        found = self.labelled(number) if on_top else None
        return found[0] if found and found[0].head == pull.head else None

    def level(self, number: int) -> str:
        """The level that its label says."""
        return level_of(self.requester.pull(number).labels)

    def open_proposals(self, *levels: str) -> list[Pull]:
        """What selfmod proposed, is open and has one of these levels."""
        found = (self.requester.pull(each) for each in self.proposals)
        return [each for each in found if each.open and level_of(each.labels) in levels]

    def answer(self, number: int, comment: int) -> Comment | None:
        """The App's reply to a comment."""
        marker = f"selfmod:reply:{comment} "
        return next((each for each in self.requester.comments(number) if each.bot and marker in each.body), None)

    def sticky(self, number: int) -> Comment | None:
        """The App's one comment on how a pull request stands."""
        return next((c for c in self.requester.comments(number) if c.bot and "selfmod:sticky " in c.body), None)

    def here(self, number: int) -> str:
        """The address of a pull request's page."""
        return self.requester.pull(number).url


def plain(markdown: str) -> list[str]:
    """The lines of a comment as they are read: without markers, emphasis and what only protects from Markdown."""
    text = html.unescape(_COMMENT.sub("", markdown)).replace("\u200b", "").replace("**", "")
    text = re.sub(r"\[([^\]]*)\]\([^)\s]*\)", r"\1", text).replace("`", "")
    return [line.removeprefix("- ").strip() for line in text.splitlines() if line.strip()]
