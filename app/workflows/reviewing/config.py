"""The check run `selfmod/config` on pull requests that change the configuration or its cases."""

from app.model.job import Job
from app.views.config import Proposed, run
from app.workflows.reviewing.configured import organisation, repository
from app.workflows.reviewing.subject import Subject
from app.workflows.steps import State, Tools
from checks.configuration import reading
from checks.configuration.faults import Fault
from checks.configuration.layers import Layer, Layered
from checks.configuration.reading import dumped
from checks.model.errors import Refusal
from checks.repository import history
from checks.repository.changed import read
from checks.repository.snapshot import Snapshot, of_commit
from checks.risk.cases import Cases, Ran
from checks.risk.cases import run as ran
from checks.settings import CASES, PLACE, Settings, layered


def report_config(tools: Tools, job: Job, state: State) -> State:
    """Whether what the pull request makes of the configuration is valid, what would change, and what its cases say. It
    does not hang on the judgement: what mends a broken configuration is looked at too."""
    subject = Subject.of(state)
    root = tools.host.local(subject.base, subject.head)
    try:
        left = history.merge_base(root, subject.base, subject.head)
    except Refusal:
        return {}
    touched = {path for each in history.differing(root, left, subject.head) for path in (each.path, each.old_path)}
    if touched.isdisjoint((PLACE, CASES)):
        return {}
    above = organisation(tools.host)
    before = _layered(above, of_commit(root, subject.base))
    head = of_commit(root, subject.head)
    after = _layered(above, head)
    faults, cases = _cases(head, after)
    tools.host.put_run(
        run(
            Proposed(
                faults=(*after.faults, *faults),
                before=dumped(before.value) if before.value is not None else None,
                after=dumped(after.value) if after.value is not None else None,
                cases=cases,
                head=subject.head,
                key=subject.key,
            )
        )
    )
    return {}


def _layered(above: Layer | None, tree: Snapshot) -> Layered[Settings]:
    try:
        return layered(above, repository(tree))
    except Refusal as refusal:
        return Layered(None, ((PLACE, Fault(0, "", refusal.reason, refusal.hint)),))


def _cases(tree: Snapshot, settings: Layered[Settings]) -> tuple[tuple[tuple[str, Fault], ...], tuple[Ran, ...] | None]:
    """What is wrong with the file of cases, and what came of them; None where there is none, or they cannot be run."""
    content = read(tree, CASES)
    if content is None:
        return (), None
    found = reading.inspect(content, Cases)
    if found.value is None:
        return tuple((CASES, each) for each in found.faults), None
    if settings.value is None:
        return (), None
    return (), tuple(ran(case, settings.value.policy, settings.value.risk) for case in found.value.cases)
