"""What a rollback says: the pull request that takes another one back, the word on that one, the answer to who asked."""

from collections.abc import Sequence

from app.views.bounded import joined, line
from checks.reports.judged.markdown import cell, table
from checks.reports.safe import for_markdown, for_markdown_code
from checks.reports.text import counted

MARKER = "<!-- selfmod:rollback -->"
LACKS = "a rollback needs write access to this repository"
"""The beginning of a refusal for missing access."""
MOST = 50
"""Files of a conflict that are listed."""


def title(taken: str) -> str:
    """As git and GitHub call it."""
    return line(f'Revert "{taken}"')


def body(number: int, taken: str, commit: str, actor: str, why: str, identifier: str) -> str:
    """What is taken back, who asked for it and why, and how it is undone."""
    named = "" if identifier.startswith("#") else f" It is the modification `{identifier}`."
    return joined(
        (
            f"Takes back #{number} ({for_markdown(taken)}), which was merged as `{commit[:10]}`.{named}",
            f"Asked for by {for_markdown(f'@{actor}')}" + (f": {for_markdown(why)}" if why else "."),
            "What came into the branch since then stays.",
            "Undo: close this pull request; once it is merged, `/selfmod rollback` here brings the change back.",
        )
    )


def on_original(number: int, actor: str, why: str) -> str:
    """The word on the pull request that is taken back."""
    reason = f": {for_markdown(why)}" if why else ""
    return f"#{number} takes this back, asked for by {for_markdown(f'@{actor}')}{reason}."


def opened(number: int, original: int) -> str:
    """The answer where the pull request is there."""
    return f"#{number} takes #{original} back."


def pressed(number: int, original: int, actor: str) -> str:
    """The answer to who pressed the button, as plain text: `number` 0 where nothing could be opened."""
    if number:
        return f"#{number} takes #{original} back, asked for by @{actor}."
    return f"@{actor} asked to take #{original} back, and nothing was opened: the pull request has why."


def gone(original: int, branch: str) -> str:
    """The answer where nothing is left to take back."""
    return f"Nothing of #{original} is left in {for_markdown_code(branch)}: there is nothing to take back."


def conflict(original: int, commit: str, files: Sequence[tuple[str, str]]) -> str:
    """The answer where later commits stand in the way: files, each with why."""
    rows = [[for_markdown_code(path), cell(why)] for path, why in files[:MOST]]
    left = f"\n\nand {len(files) - MOST} more" if len(files) > MOST else ""
    return joined(
        (
            f"#{original} cannot be taken back by itself: later commits changed {counted(len(files), 'file')} of it.",
            table(["file", "in the way"], rows) + left,
            f"Take back what came later first, or do it by hand: `git revert {commit[:10]}` (with `-m 1` if that is a "
            "merge), mend the files, and open a pull request.",
        )
    )
