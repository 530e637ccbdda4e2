"""Which steps do which kind of job, and who tells of one that failed for good."""

from collections.abc import Mapping

from app.commands import answering
from app.model.job import Kind
from app.workflows import branch, gate, group, keeping, onboard, reconcile, review, rollback, stop, telling
from app.workflows.proposing import propose, rejecting, upkeep
from app.workflows.steps import Step
from app.workflows.stopping import carrying

VERBS: Mapping[Kind, tuple[Step, ...]] = {
    Kind.REVIEW: review.STEPS,
    Kind.GATE: gate.STEPS,
    Kind.GROUP: group.STEPS,
    Kind.COMMENT: answering.STEPS,
    Kind.ONBOARD: onboard.STEPS,
    Kind.PROPOSE: propose.STEPS,
    Kind.BRANCH: branch.STEPS,
    Kind.ROLLBACK: rollback.STEPS,
    Kind.REJECT: rejecting.STEPS,
    Kind.STOP: stop.STEPS,
    Kind.RECONCILE: (carrying.STEP, *reconcile.STEPS, keeping.STEP, *upkeep.STEPS),
}
HOOKS: Mapping[Kind, Step] = {
    Kind.REVIEW: review.FAILED,
    Kind.GATE: gate.FAILED,
    Kind.GROUP: group.FAILED,
    Kind.COMMENT: telling.FAILED,
    Kind.ONBOARD: telling.FAILED,
    Kind.PROPOSE: telling.FAILED,
    Kind.ROLLBACK: rollback.FAILED,
    Kind.REJECT: telling.FAILED,
    Kind.STOP: telling.FAILED,
}
