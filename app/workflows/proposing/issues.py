"""What `/selfmod fix` without a word means on an issue: the files that a traceback or a failing test in its text names.
The text is anybody's: it says where to look, among the files that are there, and nothing else."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from app.model.job import Job
from app.model.trouble import Gone
from app.workflows.proposing.words import Named
from app.workflows.steps import Tools
from checks.debugging import traces
from checks.risk.kinds import listed

MOST = 20
"""Files that are meant, the first of the text."""


@dataclass(frozen=True, slots=True)
class Told:
    """`named` is what the text names; nothing of it where it has a traceback, but of no file that is there. `note` says
    what is not done."""

    named: Named | None
    note: str


def told(tools: Tools, job: Job, files: Collection[str]) -> Told | None:
    """What the issue that a command was given on names, None where it has no traceback and no failing test, or where
    nobody asked there."""
    if not (job.comment and job.number) or job.head or job.words:
        return None
    places = traces.read(_text(tools, job))
    if not places:
        return None
    paths = traces.of_repository(places, files)[:MOST]
    if not paths:
        return Told(None, "the traceback here names no file of this repository: name one, as in /selfmod fix src/shop")
    note = (
        f"what fails at run time in {listed(paths, 5)}, as this issue tells: only sure fixes of findings in what it "
        "names are tried, the engine that repairs run-time errors is not there yet"
    )
    return Told(Named(paths=paths), note)


def _text(tools: Tools, job: Job) -> str:
    """The comment first: who wrote it asked."""
    found = []
    with suppress(Gone):
        found.append(tools.host.comment(job.comment).body)
    with suppress(Gone):
        found.append(tools.host.issue(job.number))
    return "\n".join(found)
