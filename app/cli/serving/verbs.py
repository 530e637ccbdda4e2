"""Which steps do which kind of job, and who tells of one that failed for good."""

from collections.abc import Mapping

from app.model.job import Kind
from app.workflows.steps import Step

VERBS: Mapping[Kind, tuple[Step, ...]] = {}
HOOKS: Mapping[Kind, Step] = {}
