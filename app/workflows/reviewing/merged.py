"""The gate's check run of a merged pull request of selfmod's own: it says so, and offers to take it back."""

from collections.abc import Sequence

from app.model.forge import Pull
from app.model.modification import Status
from app.store import records
from app.store.proposed import modifications
from app.views import gate as gates
from app.views.links import details_url
from app.workflows.steps import Tools
from checks.reports.judged import reading


def show(tools: Tools, pull: Pull, told: Sequence[str] = ()) -> None:
    """Writes it anew, with sentences for who pressed the button. What it concluded stays: success of a commit is
    nothing that a merge past the gate brings about. Where another open pull request has the same commit it is that
    one's gate, and left alone."""
    made = modifications.of_pull(tools.store, pull.repository, pull.number) if pull.merged else None
    if made is None or tools.host.pulls_of(pull.head):
        return
    run = next((each for each in tools.host.runs(pull.head) if each.name == gates.NAME), None)
    if run is None:
        return
    record = next(
        (each for each in records.of_head(tools.store, pull.repository, pull.head) if each.number == pull.number), None
    )
    tools.host.put_run(
        gates.merged(
            gates.Merged(
                key=run.key,
                head=pull.head,
                commit=pull.merge_commit,
                modification=made.id,
                passed=run.conclusion == "success",
                judged=reading.readable(record.document) if record is not None else None,
                details=details_url(tools.settings, record.id) if record is not None else "",
                undone=made.status is Status.ROLLED_BACK,
                told=tuple(told),
            )
        )
    )
