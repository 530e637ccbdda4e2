"""What is kept is kept for as long as the settings say."""

import logging

from app.model.job import Job
from app.store import retention
from app.workflows.steps import State, Step, Tools
from checks.model.errors import Refusal

_LOG = logging.getLogger(__name__)


def prune(tools: Tools, job: Job, _: State) -> State:
    """Removes what is older than `retention_days`, with the hourly job of all repositories. An audit chain that is
    broken is left as it is, for who looks into it: the log says so, every hour."""
    if job.repository:
        return {}
    try:
        gone = retention.prune(tools.store, tools.settings.retention_days)
    except Refusal as refusal:
        _LOG.error("records are kept beyond their time: %s", refusal)
        return {"pruned": 0}
    return {"pruned": gone.deliveries + gone.records + gone.grants + gone.calls + gone.audit}


STEP = Step("prune", prune)
