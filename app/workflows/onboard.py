"""Opens the pull request with a first configuration, and shows what it would have asked of the last twenty."""

from collections import Counter
from dataclasses import asdict

from app.model.forge import FileEdit, Pull, Role
from app.model.job import Job
from app.model.trouble import Gone, Superseded
from app.orchestrator.configured import decided
from app.views import decision as decisions
from app.views import onboarding, replies
from app.views.onboarding import Row, Seen
from app.workflows.reviewing.people import requested
from app.workflows.steps import State, Step, Tools
from checks import settings
from checks.judge import Who, judge
from checks.model.errors import Refusal
from checks.model.safety import Proposer
from checks.repository import history
from checks.repository.changed import of_commits
from checks.repository.snapshot import of_commit
from checks.settings import Settings
from checks.validation.asked import Tested

LAST = 20
"""Pull requests of the preview."""
UNTESTED = "a preview runs no tests"
_FOLDERS = ("src", "lib", "tests", "test")


def allowed(tools: Tools, job: Job, state: State) -> State:
    """Who asked may still write here, and there is no configuration yet."""
    host = tools.host
    if not host.role(job.actor, job.account).at_least(Role.WRITE):
        raise Superseded
    branch = host.default_branch()
    if host.file(settings.PLACE, branch) is not None:
        said = f"`{settings.PLACE}` is there already. `selfmod config show` prints what holds."
        host.put_comment(job.number, replies.marker(job.comment), replies.refusal(said), 2)
        raise Superseded
    return {"branch": branch}


def preview(tools: Tools, job: Job, state: State) -> State:
    """Judges the last pull requests with the configuration that is offered, without running anything of theirs."""
    rows: list[Row] = []
    unseen: list[str] = []
    pulls = [each for each in tools.host.pulls("all", LAST * 2) if each.head_ref != onboarding.BRANCH][:LAST]
    for pull in pulls:
        if tools.cancelled():
            raise Superseded
        try:
            rows.append(_row(tools, pull))
        except (Gone, Refusal) as why:
            unseen.append(f"pull request {pull.number}: {why}")
    return {"rows": [asdict(each) for each in rows], "unseen": unseen, "bots": _bots(pulls)}


def _row(tools: Tools, pull: Pull) -> Row:
    root = tools.host.local(pull.base_sha, pull.head)
    change = of_commits(root, pull.base_sha, pull.head)
    proposer = Proposer.FORK if pull.from_fork else Proposer.PERSON
    offered = Settings()
    judged = judge(change, offered, Who(proposer, pull.author.login), Tested(missing=UNTESTED), untested=UNTESTED)
    decision = decided(judged, offered, proposer)
    return Row(
        pull.number, pull.title, decision.level.value, decisions.needs(decision), decision.blocked or decision.why
    )


def _bots(pulls: list[Pull]) -> list[str]:
    """Bots that open pull requests here, beside those that are known anyway."""
    known = set(Settings().dependency_bots)
    counted = Counter(each.author.login for each in pulls if each.author.bot)
    here = [login for login, _ in counted.most_common(5)]
    return here if set(here) - known else []


def offer(tools: Tools, job: Job, state: State) -> State:
    """One commit on a branch, one pull request, and a word where it was asked for."""
    host = tools.host
    base = host.branch(state["branch"])
    if base is None:
        raise Superseded
    seen = Seen(_folders(tools, base), tuple(state["bots"]))
    text = onboarding.configuration(seen)
    settings.read(text.encode())  # what is offered is valid, whatever names were found
    edits = [FileEdit(settings.PLACE, text.encode())]
    message = f"{onboarding.MESSAGE}\n\n{requested(job.actor, job.account)}\n"  # who asked for it does not approve it
    commit = host.commit_files(onboarding.BRANCH, base, edits, message)
    rows = [Row(**each) for each in state["rows"]]
    body = onboarding.body(rows, state["unseen"], job.actor)
    pull = host.open_pull(onboarding.BRANCH, state["branch"], onboarding.TITLE, body)
    if job.number:
        host.put_comment(job.number, replies.marker(job.comment), f"The configuration is offered in #{pull.number}.", 2)
    return {"pull": pull.number, "commit": commit}


def _folders(tools: Tools, base: str) -> tuple[str, ...]:
    """Where Python lies by the usual layouts, so that selfmod writes nowhere else; empty where it lies otherwise."""
    root = tools.host.local(base)
    tops = {
        entry.path.split("/")[0] for entry in of_commit(root, history.resolve(root, base)).files if "/" in entry.path
    }
    found = tuple(folder for folder in _FOLDERS if folder in tops)
    return found if {"src", "lib"} & set(found) else ()


STEPS = (Step("allowed", allowed), Step("preview", preview), Step("offer", offer))
