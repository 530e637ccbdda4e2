"""The verb `group`: a merge group is judged as a whole. Its pull requests had their approvals one by one."""

from dataclasses import asdict, replace

from app.model.gate import Standing, Stands
from app.model.job import Job
from app.model.stop import OUT
from app.views import gate as gates
from app.workflows.reviewing import judging, reports
from app.workflows.reviewing.gated import of_group
from app.workflows.reviewing.subject import Subject, group_key
from app.workflows.steps import State, Step, Tools
from app.workflows.stopping.grouped import stopped_in


def look(tools: Tools, job: Job, _: State) -> State:
    """The group's own commits. The configuration is that of its base, which is the tip of the target branch."""
    return asdict(Subject(0, job.head, job.base, tools.host.default_branch(), 0, group_key(job)))


def report_gate(tools: Tools, job: Job, state: State) -> State:
    """`selfmod/gate` on the group's head: nobody is waited for. It fails where the group holds one of selfmod's own
    that is stopped, whatever was found out about it; a group of others' alone is held by no stop."""
    if state.get("refused"):
        return reports.report_gate(tools, job, state)
    subject = Subject.of(state)
    gate = of_group(tools, reports.stored(tools, state), subject.base_ref)
    if found := stopped_in(tools, job.repository, _tip(tools, subject), subject.head):
        pull, stop = found
        said = f"pull request {pull.number} in this group is {stop.said}"
        remedy = f"{OUT} {stop.remedy}"
        gate = replace(gate, standing=Standing(Stands.FAILS, said, remedy, always=True))
    # approving is for pull requests, and this head has none
    run = gates.run(gate, subject.key)
    tools.host.put_run(replace(run, buttons=tuple(each for each in run.buttons if each is gates.RERUN)))
    return {}


def _tip(tools: Tools, subject: Subject) -> str:
    """Of the branch that the group is to be merged into."""
    into = next(iter(tools.host.queues(subject.head)), subject.base_ref)
    return tools.host.branch(into) or subject.base


def fail(tools: Tools, job: Job, state: State) -> State:
    """Tells what went wrong under the group's own key: *Re-run* finds its base by that."""
    return reports.fail(tools, job, {"key": group_key(job)} | state)


STEPS: tuple[Step, ...] = (
    Step("look", look),
    Step("begin", reports.begin),
    Step("judge", judging.judge_group, alone=False),
    Step("report_validation", reports.report_validation),
    Step("report_sandbox", reports.report_sandbox),
    Step("report_gate", report_gate),
    Step("audit", reports.write_down),
)
FAILED = Step("failed", fail)
