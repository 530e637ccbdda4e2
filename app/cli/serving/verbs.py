"""Which steps do which kind of job, and who tells of one that failed for good."""

from collections.abc import Mapping

from app.model.job import Kind
from app.workflows import gate, group, review
from app.workflows.steps import Step

VERBS: Mapping[Kind, tuple[Step, ...]] = {
    Kind.REVIEW: review.STEPS,
    Kind.GATE: gate.STEPS,
    Kind.GROUP: group.STEPS,
}
HOOKS: Mapping[Kind, Step] = {
    Kind.REVIEW: review.FAILED,
    Kind.GATE: gate.FAILED,
    Kind.GROUP: group.FAILED,
}
