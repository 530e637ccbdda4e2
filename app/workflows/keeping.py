"""What is kept is kept for as long as the settings say, and takes as much of the disk as they say."""

import logging

from app.github import mirror
from app.model.job import Job
from app.operations import holding
from app.settings import ServerSettings
from app.store import retention
from app.workflows.reviewing import environment
from app.workflows.steps import State, Step, Tools
from checks.model.errors import Refusal

GIB = 1024**3
_LOG = logging.getLogger(__name__)


def prune(tools: Tools, job: Job, _: State) -> State:
    """Removes what is older than `retention_days`, with the hourly job of all repositories, and folders that can be
    made anew where they take too much of this machine's disk. An audit chain that is found broken is left as it is, for
    who looks into it: the log says so, every hour."""
    if job.repository:
        return {}
    removed = bound(tools.settings)
    try:
        gone = retention.prune(tools.store, tools.settings.retention_days)
    except Refusal as refusal:
        _LOG.error("records are kept beyond their time: %s", refusal)
        return {"pruned": 0, "removed": removed}
    rows = gone.deliveries + gone.records + gone.grants + gone.calls + gone.modifications
    return {"pruned": rows + gone.audit, "removed": removed}


def bound(settings: ServerSettings) -> int:
    """Removes the least recently used copies of repositories and environments beyond what they may take, but none that
    a job works with, and returns how many."""
    removed = 0
    for what, name, most in (
        ("copies of repositories", mirror.FOLDER, settings.repositories_gib),
        ("environments", environment.FOLDER, settings.environments_gib),
    ):
        done = holding.bound(settings.data_dir / name, most * GIB)
        removed += done.removed
        if done.removed:
            _LOG.info("%d %s removed: %.1f GiB", done.removed, what, done.freed / GIB)
        if done.left > most * GIB:
            told = (what, done.left / GIB, most, name.upper())
            _LOG.warning("%s take %.1f GiB of %d: the rest is in use (SELFMOD_%s_GIB)", *told)
    return removed


STEP = Step("prune", prune)
