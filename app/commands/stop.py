"""`/selfmod stop <why>` and `/selfmod resume <why>`."""

from dataclasses import replace

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Do, Refused, Spec, Where
from app.model.forge import Role
from app.model.job import Kind
from app.workflows.stop import OF_ALL, RESUME, STOP
from checks.reports.safe import for_markdown_code

WORD = "repository"
"""The first word where the whole repository is meant."""

MOST = 1_000
"""Characters of a reason."""

SPEC = Spec(
    STOP,
    f"{STOP} [{WORD}] <why>",
    "Emergency stop: selfmod writes no code and merges nothing, in this pull request or the whole repository (needs "
    "maintain access; on an issue it is always meant). Reverts and reports go on.",
    (f"{STOP} incident 4711", f"{STOP} {WORD} incident 4711"),
    Role.WRITE,
)
SPEC_RESUME = Spec(
    RESUME,
    f"{RESUME} [{WORD}] <why>",
    "End an emergency stop. What was decided before is merged only after a fresh approval.",
    (f"{RESUME} mended in 4712", f"{RESUME} {WORD} mended in 4712"),
    Role.WRITE,
)


def plan(asked: Asked, where: Where) -> Answer:
    """What is allowed is asked again when it runs, ahead of whatever works on the pull request."""
    first, _, rest = asked.rest.partition(" ")
    all_of_it = first.casefold() == WORD or where.pull is None
    why = " ".join((rest if first.casefold() == WORD else asked.rest).split())
    if len(why) > MOST:
        return Refused(f"Say why in at most {MOST} characters.")
    if not why:
        return Refused(f"Say why, in a few words: `/selfmod {asked.name} {WORD + ' ' if all_of_it else ''}<why>`")
    needs = Role.MAINTAIN if all_of_it else Role.WRITE
    if not where.role.at_least(needs):
        return Refused(
            f"`/selfmod {asked.name} {WORD}` needs {needs.value} access to this repository; "
            f"{for_markdown_code(where.actor)} has {where.role.value}. For one pull request write access is enough."
        )
    if where.pull is not None and not where.pull.open and asked.name == STOP and not all_of_it:
        return Refused(f"This pull request is closed. The whole repository: `/selfmod {STOP} {WORD} <why>`")
    reason = asked.name + (OF_ALL if all_of_it else "")
    again = f"comment-{where.job.comment}"
    return Do(replace(where.job, kind=Kind.STOP, head="", reason=reason, needs=needs.value, words=why, again=again))


COMMAND = Command(SPEC, plan)
COMMAND_RESUME = Command(SPEC_RESUME, plan)
