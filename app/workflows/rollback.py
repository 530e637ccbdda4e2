"""The verb `rollback`: a merged pull request is taken back by another one, which goes down the same line."""

from contextlib import suppress
from dataclasses import replace

from app.model.forge import FileEdit, Pull
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status, branch, identifier
from app.model.trouble import Gone
from app.store import audit, records
from app.store.proposed import modifications
from app.views import replies
from app.views.proposing import rollback as views
from app.workflows import telling
from app.workflows.host import Host
from app.workflows.proposing.offering import alone
from app.workflows.reviewing.merged import show
from app.workflows.reviewing.people import requested
from app.workflows.reviewing.reverting.before import brought, reverses
from app.workflows.reviewing.subject import may
from app.workflows.steps import State, Step, Tools
from checks.model import trailers
from checks.model.errors import Refusal
from checks.repository.reverting.reverse import Conflict, Reverted, reverse

GENERATION = telling.GENERATION + 1
"""Newer than whatever was said of it before, a failure too."""


def find(tools: Tools, job: Job, state: State) -> State:
    """Which pull request is meant. Raises Refusal where nobody may, or there is nothing to take back."""
    if not may(tools, job):
        role = tools.host.role(job.actor, job.account).value if job.actor else "none"
        hint = "Sign in again if you renamed your account." if job.on_page else ""
        raise Refusal(f"{views.LACKS}; @{job.actor} has {role}.", hint)
    target, _, why = job.words.partition(" ")
    number, name = _meant(tools, job, target) if target else _of_head(tools, job)
    try:
        pull = tools.host.pull(number)
    except Gone:
        raise Refusal(f"there is no pull request {number} here.") from None
    if not pull.merged:
        raise Refusal(f"#{number} was not merged.", "Close it, and nothing of it stays.")
    return {"number": number, "named": name or f"#{number}", "why": why, "merged": pull.merge_commit}


def _meant(tools: Tools, job: Job, target: str) -> tuple[int, str]:
    """The pull request, and the identifier of its modification where it is one of selfmod's."""
    if target.isdecimal():
        known = modifications.of_pull(tools.store, job.repository, int(target))
        return int(target), known.id if known else ""
    made = modifications.get(tools.store, target)
    if made is not None and made.repository.casefold() == job.repository.casefold() and made.number:
        return made.number, made.id
    record = records.get(tools.store, target)
    if record is not None and record.repository.casefold() == job.repository.casefold() and record.number:
        known = modifications.of_pull(tools.store, job.repository, record.number)
        return record.number, known.id if known else ""
    raise Refusal(f"{target} is not known here.", "Name the pull request: /selfmod rollback #12")


def _of_head(tools: Tools, job: Job) -> tuple[int, str]:
    """Of a button: the merged modification whose head the check run is of."""
    for record in records.of_head(tools.store, job.repository, job.head):
        made = modifications.of_pull(tools.store, job.repository, record.number) if record.number else None
        if made is not None:
            with suppress(Gone):
                pull = tools.host.pull(made.number)
                if pull.merged and pull.head == job.head:
                    return made.number, made.id
    raise Refusal(f"nothing that selfmod proposed was merged with the head {job.head[:10]}.")


def revert(tools: Tools, job: Job, state: State) -> State:
    """Opens the pull request, or finds the one that is there: as the forge makes it, else with a merge of our own. A
    conflict is an outcome."""
    with alone(tools.store, job.repository):  # of two that ask at once the second finds the first one's
        return _reverted(tools, job, state)


def _reverted(tools: Tools, job: Job, state: State) -> State:
    number, named = int(state["number"]), str(state["named"])
    pull = tools.host.pull(number)
    if (there := _there(tools, job, named)) is not None:
        return {"revert": there.number}
    title = views.title(pull.title)
    body = views.body(number, pull.title, pull.merge_commit, job.actor, str(state["why"]), named)
    made = tools.host.revert_pull(number, title, body)
    if made is None:
        done = _by_ourselves(tools, job, pull, named, title, body)
        if not isinstance(done, Pull):
            return done
        made = done
    _keep(tools, job, pull, replace(made, head=_proven(tools.host, pull, made)), named)
    facts = {"pull": str(made.number), "actor": job.actor, "why": str(state["why"]), "reverts": named}
    once = f"rollback:{job.repository}:{made.head_ref}:{made.number}"
    audit.append(tools.store, "rollback", job.repository, f"{job.repository}#{number}", facts, once=once)
    return {"revert": made.number}


def _there(tools: Tools, job: Job, named: str) -> Pull | None:
    """The pull request that takes it back already, open or merged."""
    for each in modifications.taking_back(tools.store, job.repository, named):
        pull = tools.host.pull(each.number) if each.number else None
        if pull is not None and (pull.open or pull.merged):
            taken_back_itself = any(
                modifications.taking_back(tools.store, job.repository, name) for name in (each.id, f"#{each.number}")
            )
            if not taken_back_itself:
                return pull
    return None


def _by_ourselves(tools: Tools, job: Job, pull: Pull, named: str, title: str, body: str) -> Pull | State:
    """The pull request from a commit that is made through the API; or what stands against it."""
    host = tools.host
    tip = host.branch(pull.base_ref)
    if tip is None:
        raise Refusal(f"the branch {pull.base_ref} is gone.")
    result = reverse(host.local(tip, pull.merge_commit), brought(host, pull, tip), tip)
    if isinstance(result, Conflict):
        return {"conflict": [[each.path, each.reason] for each in result.files]}
    if result.gone:
        return {"gone": pull.base_ref}
    _refuse_modes(result)
    name = branch(Sort.REVERT, pull.title, named, tip)
    own = trailers.line(trailers.MODIFICATION, identifier(job.repository, name))
    told = (requested(job.actor, job.account), own, trailers.line(trailers.REVERTS, named))
    message = f"{title}\n\nThis reverts commit {pull.merge_commit}.\n\n{'\n'.join(told)}\n"
    edits = [FileEdit(each.path, each.content if each.mode is not None else None) for each in result.edits]
    host.commit_files(name, tip, edits, message)
    return host.open_pull(name, pull.base_ref, title, body)


def _refuse_modes(result: Reverted) -> None:
    if result.needs_mode:
        paths = ", ".join(each.path for each in result.needs_mode[:5])
        raise Refusal(
            f"a commit through the API cannot set the modes of {paths}.",
            "On a checkout `selfmod rollback` does it: push its commit and open a pull request.",
        )


def _proven(host: Host, taken: Pull, made: Pull) -> str:
    """The head of the pull request that takes another back, empty where it holds something else: after a crash it is
    found as it is by now, and somebody may have pushed to its branch."""
    tip = host.branch(made.base_ref)
    return made.head if tip is not None and reverses(host, taken, made.head, tip) else ""


def _keep(tools: Tools, job: Job, taken: Pull, made: Pull, named: str) -> None:
    modifications.put(
        tools.store,
        Modification(
            repository=job.repository,
            sort=Sort.REVERT,
            branch=made.head_ref,
            base_ref=made.base_ref,
            title=made.title,
            base=made.base_sha,
            head=made.head,
            number=made.number,
            requester=job.actor,
            keys=(named,),
            reverts=named,
            status=Status.APPLIED if made.merged else Status.PENDING_APPROVAL,
            reason=f"takes back #{taken.number}",
        ),
    )


def tell(tools: Tools, job: Job, state: State) -> State:
    """Both pull requests link to each other, and who asked is answered."""
    number, revert = int(state["number"]), int(state.get("revert", 0))
    if revert:
        said = views.on_original(revert, job.actor, str(state["why"]))
        if not (job.comment and job.number == number):  # there the answer says it
            tools.host.put_comment(number, views.MARKER, said, revert)
            said = views.opened(revert, number)
        # who asked for it does not approve it, which its gate knows only now
        head = tools.host.pull(revert).head
        tools.enqueue(replace(job, kind=Kind.GATE, number=revert, head=head, reason="proposed", needs="", comment=0))
    elif "conflict" in state:
        said = views.conflict(number, str(state["merged"]), [(path, why) for path, why in state["conflict"]])
    else:
        said = views.gone(number, str(state["gone"]))
    if job.comment and job.number:
        tools.host.put_comment(job.number, replies.marker(job.comment), said, GENERATION)
    elif not job.comment:
        if not revert:  # the button's own check run has room for a sentence, not for a table
            tools.host.put_comment(number, views.MARKER, said, 0)
        show(tools, tools.host.pull(number), (views.pressed(revert, number, job.actor),))
    return {}


def fail(tools: Tools, job: Job, state: State) -> State:
    """Tells who asked why nothing came of it: in a comment, or where the button was pressed."""
    if job.comment or state.get("superseded") or state.get("gone"):
        return telling.tell(tools, job, state)
    if job.on_page and not may(tools, job):
        return {}  # their page says so: strangers write nothing into check runs
    bug, why = str(state.get("bug") or ""), str(state.get("why") or "")
    said = f"a fault of selfmod's own ({bug})" if bug else why
    for record in records.of_head(tools.store, job.repository, job.head):
        if record.number:
            with suppress(Gone):
                pull = tools.host.pull(record.number)
                show(tools, pull, (f"It was not taken back: {said}",))
                if pull.merged:
                    break
    return {}


STEPS = (Step("find", find), Step("revert", revert), Step("tell", tell))
FAILED = Step("failed", fail)
