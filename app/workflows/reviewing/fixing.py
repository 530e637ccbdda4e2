"""The button *Fix* and `/selfmod fix` on a pull request: what can be mended for sure in its own findings becomes a pull
request into it."""

from app.model.job import Job
from app.views.proposing.told import Opened
from app.workflows.proposing import prior
from app.workflows.proposing.offering import Target, offered
from app.workflows.proposing.trial import MOST_FINDINGS, Wanted, laid_out
from app.workflows.proposing.words import Named
from app.workflows.reviewing.gated import Gated
from app.workflows.steps import Tools
from checks.configuration.approvals import Mode
from checks.model.errors import Refusal

EVERYTHING = Named()


def fix(tools: Tools, job: Job, gated: Gated) -> str:
    """The button: the pull request in a sentence, not yet harmless as Markdown. Raises Refusal, with why not."""
    made = fixed(tools, job, gated)
    return f"The fixes are in #{made.number}: {made.title}"


def fixed(tools: Tools, job: Job, gated: Gated, named: Named = EVERYTHING) -> Opened:
    """Opens the pull request, or finds the one that is there. `named` says which of the findings are meant. Raises
    Refusal, with why not."""
    pull, settings, head = gated.pull, gated.force.settings, gated.gate.head
    if pull.from_fork:
        raise Refusal("nothing is fixed in a fork: selfmod may not write there.", "Run selfmod fix on a checkout.")
    if settings.mode is Mode.OBSERVE:
        raise Refusal("the mode is observe: nothing but reports is written.", "Set mode: propose.")
    found = [each for stage in gated.gate.judged.verdict.stages for each in stage.findings if each.fixable]
    wanted = tuple(dict.fromkeys(each.fingerprint for each in found if named.has(each)))[:MOST_FINDINGS]
    if not wanted:
        more = " that is named" if named != EVERYTHING else ""
        raise Refusal(f"no finding of this change{more} can be fixed for sure.")
    standing = prior.standing(tools.store, job.repository, pull.head_ref)
    fresh = tuple(key for key in wanted if key not in standing)
    if not fresh:
        before = standing[wanted[0]]
        if prior.open_(before):
            return Opened(before.number, before.title)
        raise Refusal(f"{prior.why_not(before)}.")
    target = Target(job.repository, gated.root, head, pull.head_ref, pull.number, job.actor, job.account)
    with laid_out(tools, settings, gated.root, gated.force.commit, head) as trial:
        made = offered(tools, settings, target, Wanted(f"pr-{pull.number}", fresh), trial)
    if isinstance(made, str):
        raise Refusal(f"{made}.")
    return made
