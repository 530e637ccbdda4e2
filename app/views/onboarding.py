"""The pull request with a first configuration: the file, and what it would have asked of earlier pull requests."""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.reports.safe import for_markdown, shortened

BRANCH = "selfmod/configure"
TITLE = "Configure selfmod"
MESSAGE = "Configure selfmod\n\nIn mode observe: it reports, and writes nothing but check runs."


@dataclass(frozen=True, slots=True)
class Row:
    """What would have been said of one earlier pull request. `needs` is in words; `why` the weightiest reason; `tested`
    whether its tests ran for this."""

    number: int
    title: str
    level: str
    needs: str
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the file is written from: folders that hold code and tests, bots that update dependencies here."""

    folders: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()


def configuration(seen: Seen) -> str:
    """The text of `.github/selfmod.yml`: valid, in mode observe, the next steps as comments."""
    lines = [
        "# What selfmod may do here. Check it with: selfmod config validate",
        "# A schema for editors: selfmod config schema > selfmod.schema.json",
        "",
        "# observe: reports, and writes nothing but check runs",
        "# propose: opens pull requests too, and says on others what it would wait for",
        "# enforce: holds a merge until the approvals of its level are there",
        "mode: observe",
        "",
        "# the highest level that is merged without a person once mode is enforce: NONE, SAFE or LOW_RISK",
        "auto_apply_threshold: SAFE",
    ]
    if seen.folders:
        listed = ", ".join(f'"{folder}/**"' for folder in seen.folders)
        lines += ["", "# where selfmod may write what it proposes itself", f"allowed_folders: [{listed}]"]
    if seen.bots:
        listed = ", ".join(f'"{bot}"' for bot in seen.bots)
        lines += ["", "# bots whose updates of lock files alone are MEDIUM_RISK", f"dependency_bots: [{listed}]"]
    lines += [
        "",
        "# approvals:",
        '#   critical_teams: ["@your-organisation/security"]    # who agrees to CRITICAL changes',
        "#   solo: true                                          # a repository of one person",
    ]
    return "\n".join(lines) + "\n"


def body(rows: Sequence[Row], unseen: Sequence[str], actor: str) -> str:
    """What merging does, then the preview as a table. `unseen` says of pull requests that could not be judged why."""
    parts = [
        f"Asked for by {for_markdown(actor)}. Merging this changes nothing yet: in mode `observe` selfmod reports on "
        "every pull request as check runs and writes nothing else. `mode: propose` and `mode: enforce` are the next "
        "steps; the file says what they do.",
        _preview(rows),
    ]
    if unseen:
        listed = "\n".join(f"- {for_markdown(shortened(each, 200))}" for each in unseen)
        parts.append(f"<details><summary>Not judged: {len(unseen)}</summary>\n\n{listed}\n\n</details>")
    parts.append("To take it back: close this pull request, or delete the file after it is merged.")
    return "\n\n".join(parts) + "\n"


def _preview(rows: Sequence[Row]) -> str:
    if not rows:
        return "**Preview**: there is no earlier pull request to look at."
    lines = [
        f"**Preview**: what it would have asked of the last {len(rows)} pull requests"
        if len(rows) > 1
        else "**Preview**",
        "",
        "No tests were run for this, so each is at least MEDIUM_RISK; changes that tests cover are often lower.",
        "",
        "| pull request | level | would need | why |",
        "| --- | --- | --- | --- |",
    ]
    for row in rows:
        title = for_markdown(shortened(row.title, 60))
        why = for_markdown(shortened(row.why, 120))
        lines.append(f"| #{row.number} {title} | {row.level} | {for_markdown(row.needs)} | {why} |")
    return "\n".join(lines)
