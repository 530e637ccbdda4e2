"""Which steps do which kind of job, and who tells of one that failed for good."""

from collections.abc import Mapping

from app.commands import answering
from app.model.job import Kind
from app.workflows import onboard, reconcile
from app.workflows.steps import Step

VERBS: Mapping[Kind, tuple[Step, ...]] = {
    Kind.COMMENT: answering.STEPS,
    Kind.ONBOARD: onboard.STEPS,
    Kind.RECONCILE: reconcile.STEPS,
}
HOOKS: Mapping[Kind, Step] = {}
