"""`/selfmod rollback [mod|pr] [-m why]`."""

import re
from dataclasses import replace

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Do, Refused, Spec, Where
from app.model.forge import Role
from app.model.job import Kind
from app.model.modification import IDENTIFIER
from checks.reports.safe import for_markdown_code

SPEC = Spec(
    "rollback",
    "rollback [mod|pr] [-m why]",
    "Open the pull request that takes a merged one back: this one, or the one that is named.",
    ("rollback", "rollback mod_4be1c0ffee12 -m the totals are wrong", "rollback #41"),
    Role.WRITE,
)
_PULL = re.compile(r"#?([1-9][0-9]{0,17})")


def plan(asked: Asked, where: Where) -> Answer:
    """Whether it was merged, and what it takes to take it back, is looked up when the job runs."""
    target, why = _read(asked)
    if target and not IDENTIFIER.fullmatch(target) and not _PULL.fullmatch(target):
        return Refused(
            f"{for_markdown_code(target[:40])} names no modification (`mod_` and twelve digits) and no pull request "
            "(`#12`). The reason goes behind `-m`: `/selfmod rollback -m why`"
        )
    if not target:
        if where.pull is None:
            return Refused("Name what to take back, because this is an issue: `/selfmod rollback #12`")
        if not where.pull.merged:
            return Refused("This pull request was not merged: close it, and nothing of it stays.")
        target = str(where.pull.number)
    words = f"{target.removeprefix('#')} {why}".strip()
    again = f"comment-{where.job.comment}-{target.removeprefix('#')}"
    job = replace(where.job, kind=Kind.ROLLBACK, head="", reason="rollback", needs=Role.WRITE.value, again=again)
    return Do(replace(job, words=words[:1_000]))


def _read(asked: Asked) -> tuple[str, str]:
    """The target, empty where none is named, and the reason."""
    before, flag, why = f" {asked.rest} ".partition(" -m ")
    if not flag:
        before, _, why = f" {asked.rest} ".partition(" --message ")
    return " ".join(before.split()), " ".join(why.split()).strip("\"'")


COMMAND = Command(SPEC, plan)
