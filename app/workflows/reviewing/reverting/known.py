"""The fast path of a revert: where its tree is one whose tests passed in the sandbox already, they do not run again.

Everything else of the line is as for any change: the other stages see it, it is assessed, and its approvals are those
of its level. The earlier run did not tell which of the changed lines run in a test: that counts as unknown, which
weighs as much as a few lines that none runs. So the path is for a few lines only, and no level is lower for it."""

import time
from collections.abc import Iterator
from pathlib import Path

from app.model.forge import Pull
from app.model.job import Job
from app.model.modification import Modification
from app.model.trouble import Gone
from app.store import records
from app.workflows.reviewing.reverting.before import revert_of, taken_by
from app.workflows.steps import Tools
from checks.model.errors import Refusal
from checks.reports.judged import reading
from checks.repository import git
from checks.repository.change import Change
from checks.repository.changed import added_lines
from checks.risk import paths
from checks.risk.factors import uncovered
from checks.settings import PLACE
from checks.validation.asked import Known

LINES = uncovered.STEPS[0][0]
"""Lines of a revert from which its tests are run whatever is known."""
FRESH = 7 * 86_400.0
"""Seconds for which a run of the tests says how they end now."""


def known(tools: Tools, job: Job, pull: Pull, change: Change, configuration: str) -> Known | None:
    """The run of the tests of just this tree, None where they are to run: for whatever is no revert as selfmod made it,
    for one that touches what decides over tests or what they need, where the configuration is another since, and where
    somebody asked to run them again. `configuration` is the commit that the settings in force are from: the branch may
    have gone on since the revert left it."""
    made = revert_of(tools, pull)
    if made is None or job.again:
        return None
    if change.head_commit is None or change.base_commit is None:
        return None
    lines = sum(len(each) for each in added_lines(change).values())
    if lines >= LINES or any(any(paths.of_touched(each)) for each in change.touched):
        return None
    for record in _of_taken(tools, made):
        judged = reading.readable(record.document)
        if judged is None or judged.base is None or record.finished < time.time() - FRESH:
            continue
        tests = judged.verdict.tests
        suite = tests.base if tests is not None else None
        if suite is None or not suite.passed:
            continue
        try:
            root = tools.host.local(judged.base, record.configuration, configuration, change.head_commit)
            same = _name(root, f"{judged.base}^{{tree}}") == _name(root, f"{change.head_commit}^{{tree}}")
            settled = _name(root, f"{record.configuration}:{PLACE}") == _name(root, f"{configuration}:{PLACE}")
        except (Gone, Refusal):
            continue
        if same and settled:
            return Known(suite, f"the tree of `{judged.base[:10]}`, whose tests ran for {record.id}")
    return None


def _of_taken(tools: Tools, made: Modification) -> Iterator[records.Record]:
    """What was judged of the pull request that is taken back, the newest first."""
    number = taken_by(tools, made)
    yield from records.of_pull(tools.store, made.repository, number) if number else ()


def _name(root: Path, what: str) -> str:
    """The full name of an object, empty where there is none."""
    found = git.run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", what)
    return found.output.decode("ascii", "replace").strip() if found.status == 0 else ""
