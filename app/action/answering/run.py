"""One event that is answered: the connection, the store of this run, the jobs, and what the log says of them."""

import json
import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

from app.action.answering.jobs import Done, Work
from app.action.inputs import Inputs
from app.action.judging import OFF, document, outputs, summary
from app.action.plan import Kind as Wanted
from app.action.plan import Plan
from app.action.runner import Runner, error, plain, say
from app.action.stateless import recall
from app.action.stateless.host import StatelessHost
from app.commands.grammar import fingerprint
from app.github.workflow.connection import Connection, connect
from app.github.workflow.edits import GitHubEdits
from app.model.job import Job, Kind
from app.model.trouble import Gone, Unavailable
from app.settings import GITHUB, GITHUB_API, ServerSettings
from app.store import audit, records
from app.store import connect as stores
from app.workflows.host import Host
from app.workflows.proposing.upkeep import SCHEDULE
from checks.model.errors import Refusal
from checks.reports.judged import reading
from checks.reports.safe import for_markdown
from checks.reports.text import counted


def answer(plan: Plan, inputs: Inputs, runner: Runner, environment: Mapping[str, str]) -> int:
    """The exit code: 0 where all was done or rightly refused, 2 where something could not be. Raises Refusal."""
    repository = environment.get("GITHUB_REPOSITORY", "")
    try:
        with working(inputs, runner, environment) as (work, connection):
            if plan.kind is Wanted.ANSWER and environment.get("GITHUB_RUN_ATTEMPT", "1") != "1":
                _refuse_again(cast(Host, work.host), plan)
            done = work.run(*_jobs(plan, repository))
            _tell(work, runner, done)
            return _code(done, connection)
    except (Gone, Unavailable) as error:  # before any job began
        raise Refusal(f"{str(error).removesuffix('.')}.", "Run the job again.") from None


def _refuse_again(host: Host, plan: Plan) -> None:
    """Raises Refusal where a run that somebody had run again has done its work: the resume of a stop that was over long
    ago would end the one that holds now."""
    if recall.answered(host, plan.number, plan.comment):
        raise Refusal("an earlier attempt of this run answered the comment.", "Write the command in a new comment.")


def _jobs(plan: Plan, repository: str) -> Sequence[Job]:
    if plan.kind is Wanted.ANSWER:
        made = Job(Kind.COMMENT, repository, 0, plan.number, reason="created", actor=plan.author, comment=plan.comment)
        made = replace(made, account=plan.account)
        return (replace(made, words=fingerprint(plan.said)),)
    if plan.kind is Wanted.WEIGH:
        return (Job(Kind.GATE, repository, 0, plan.number, plan.head, reason="submitted", actor=plan.author),)
    # what moved is made anew before more is proposed
    return Job(Kind.RECONCILE, repository, 0, reason=SCHEDULE), Job(Kind.PROPOSE, repository, 0, reason=SCHEDULE)


@contextmanager
def working(inputs: Inputs, runner: Runner, environment: Mapping[str, str]) -> Iterator[tuple[Work, Connection]]:
    """All that jobs work with; what is kept on this machine is gone at the end. Raises Refusal without a token, and
    where nobody tells whose it is."""
    with ExitStack() as held:
        folder = Path(tempfile.mkdtemp(prefix="selfmod-", dir=runner.kept))
        held.callback(shutil.rmtree, folder, ignore_errors=True)
        held.enter_context(_heard())
        settings = settings_of(inputs, environment, folder)
        connection = connect(
            settings, inputs.token, environment.get("GITHUB_REPOSITORY", ""), environment.get("GITHUB_SHA", "")
        )
        held.callback(connection.close)
        store = stores.opened(settings)
        held.callback(store.close)
        account = connection.account
        edits = GitHubEdits(connection.place, account.id)
        host = StatelessHost(cast(Host, connection.host()), store, account.shared, edits)
        untested = "" if inputs.sandbox else OFF
        yield Work(host, store, settings, account.id, untested), connection


def settings_of(inputs: Inputs, environment: Mapping[str, str], folder: Path) -> ServerSettings:
    """As the runner's variables say. The tests run with the Python of the inputs or the active environment; without
    one an environment is built of what the base declares, as the App does."""
    active = environment.get("VIRTUAL_ENV")
    return ServerSettings(
        api_url=environment.get("GITHUB_API_URL") or GITHUB_API,
        github_url=environment.get("GITHUB_SERVER_URL") or GITHUB,
        database_url=f"sqlite:///{folder / 'selfmod.db'}",
        data_dir=folder,
        python=inputs.python or (Path(active) if active else None),
    )


def _tell(work: Work, runner: Runner, done: Sequence[Done]) -> None:
    """Log, summary and outputs. The audit records of this run are in the log: nothing else keeps them."""
    say("\n".join(plain(each) for each in said(done)))
    with_audit = [plain(line) for line in audit.export(work.store)]
    if with_audit:
        say("::group::selfmod: audit records of this run\n" + "\n".join(with_audit) + "\n::endgroup::")
    record = next(iter(records.recent(work.store, work.host.repository, most=1)), None)
    if record is None or record.decision is None:
        runner.set(outputs())
        runner.summarise("## selfmod\n\n" + "".join(f"- {for_markdown(each)}\n" for each in said(done)))
        return
    judged = reading.judged(record.document)
    report = runner.keep({"selfmod.json": json.dumps(document(judged, record.decision), indent=2)})["selfmod.json"]
    findings = sum(len(stage.findings) for stage in judged.verdict.stages)
    runner.set(outputs(judged, record.decision) | {"report": report, "findings": str(findings)})
    runner.summarise(summary(judged, record.decision, "".join(f"- {for_markdown(each)}\n" for each in said(done))))


def said(done: Sequence[Done]) -> list[str]:
    """A line for each job, as it is shown nowhere else. Not harmless yet."""
    lines = []
    for each in done:
        about = f"#{each.job.number} " if each.job.number else ""
        state = each.state
        opened = [f"#{number} {title}" for number, title in state.get("opened", ())]
        ended = state.get("why") if state.get("done") else ""
        notes = [str(note) for note in (ended, *state.get("notes", ()), *state.get("said", ())) if note]
        what = "; ".join((*opened, *notes)) or ("done" if state else "nothing to do")
        lines.append(f"selfmod: {about}{each.job.kind}: {f'failed: {each.why}' if each.why else what}")
    return lines


def _code(done: Sequence[Done], connection: Connection) -> int:
    """What GitHub refused for want of a permission is an error of the run also where a job went on without it."""
    for each in connection.client.lacking.values():
        say(error(each))
    failed = [each for each in done if each.why]
    for one in failed:
        if not one.ours and one.why not in connection.client.lacking.values():
            say(error(one.why))
    if failed:
        say(plain(f"selfmod: {counted(len(failed), 'job')} failed"))
    return 2 if failed or connection.client.lacking else 0


@contextmanager
def _heard() -> Iterator[None]:
    """Warnings of the workflows are lines of the log that no runner obeys, until the block ends."""
    handler, logger = _Lines(logging.WARNING), logging.getLogger("app")
    before = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = before


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        say(plain(self.format(record).replace("\n", " ")))
