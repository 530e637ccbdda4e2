"""`selfmod protect`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import put
from app.cli.serving.installed import server_libraries
from checks.model.errors import Refusal

if TYPE_CHECKING:
    from app.model.protection import Also, Form, Plan, Seen

VARIABLE = "GITHUB_TOKEN"
_REMEDY = (
    f"Set {VARIABLE}, or --token-file: a token of an administrator with the permission Administration: read and write. "
    "The App does not ask for it, and need not have it."
)


def protect(
    repository: Annotated[
        str, typer.Option("--repo", metavar="OWNER/NAME", help="The repository.", show_default=False)
    ],
    branch: Annotated[
        str, typer.Option("--branch", metavar="NAME", help="The branch; without, the default branch.")
    ] = "",
    ruleset: Annotated[
        bool, typer.Option("--ruleset", help="Write a ruleset: the default where the server has them.")
    ] = False,
    classic: Annotated[
        bool, typer.Option("--classic", help="Write branch protection, the older form: the default elsewhere.")
    ] = False,
    also: Annotated[
        str, typer.Option("--also", metavar="RULE,…", help="Demand this too: no-force-push, no-deletion.")
    ] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Write it; without, only the difference is shown.")] = False,
    app_id: Annotated[
        int | None, typer.Option("--app", metavar="NUMBER", min=1, help="The App; without, that of SELFMOD_APP_ID.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option("--token-file", metavar="FILE", help=f"A file with the token, instead of {VARIABLE}.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a branch require selfmod/gate of this App before a merge. Shows the difference and, without --apply, writes
    nothing. It only adds: checks, reviews, restrictions and who may bypass them stay as they are; a gate that is
    required of anybody, or of another App, becomes this App's.

    Writing takes a token of an administrator of the repository, in GITHUB_TOKEN or --token-file, with the permission
    Administration: read and write. The App itself never asks for that. Without a token the App's own is used to look.

    Exit code 0: the gate is required. 1: it is not, or something asked for is not there yet. 2: usage, or a refusal.

    Example: selfmod protect --repo acme/shop
    """
    with server_libraries():
        from app.cli.protecting import reach, shown
    from app.model.trouble import Gone, Unavailable
    from app.orchestrator.protection import plan

    form, wanted = _form(ruleset, classic), _also(also)
    token = _token(token_file)
    if apply and not token:
        raise Refusal("--apply needs a token of its own.", _REMEDY)
    with reach.reached(repository, token, app_id) as there:
        try:
            seen = there.seen(branch)
            found = plan(seen, there.app_id, form, wanted)
            if not as_json and (lines := shown.changes(found, seen, there.app_id)):
                put(lines)  # before anything is written
            after, missing = seen, tuple[str, ...]()
            if apply and found.changes:
                for each in found.changes:
                    there.write(seen.branch, each)
                after = there.seen(seen.branch)
                missing = _missing(seen, after, plan(after, there.app_id, form, wanted))
            state = shown.State(seen, found, there.app_id, there.hold(after), apply, missing)
        except (Gone, Unavailable) as error:
            raise Refusal(str(error), "Try again later; what was written already stays.") from None
    put(shown.document(state) if as_json else shown.text(state))
    raise typer.Exit(state.code)


def _missing(before: "Seen", after: "Seen", left: "Plan") -> tuple[str, ...]:
    """What a write has lost of what was there, and whether something is left to write."""
    from app.orchestrator.protected import lost

    found = [f"GitHub has not kept {each}." for each in lost(before, after)]
    if left.changes:
        found.append("GitHub shows less than was written: look again, and at the settings of the repository.")
    return tuple(found)


def _form(ruleset: bool, classic: bool) -> "Form | None":
    from app.model.protection import Form

    if ruleset and classic:
        raise Refusal("--ruleset and --classic are both asked for.", "Choose one, or none.")
    return Form.RULESET if ruleset else Form.CLASSIC if classic else None


def _also(text: str) -> "frozenset[Also]":
    from app.model.protection import Also

    names = [each.strip() for each in text.split(",") if each.strip()]
    known = [each.value for each in Also]
    if unknown := [each for each in names if each not in known]:
        raise Refusal(f"--also does not know {unknown[0]!r}.", f"Known are {', '.join(known)}.")
    return frozenset(Also(each) for each in names)


def _token(place: Path | None) -> str:
    """The token, empty where there is none. Nothing of it is ever part of a message."""
    from app.operations.redaction import register

    if place is None:
        source, token = VARIABLE, os.environ.get(VARIABLE, "").strip()
    else:
        source = str(place)
        try:
            with place.open(encoding="ascii", errors="replace") as file:
                token = file.read(10_000).strip()
        except OSError as error:
            raise Refusal(f"{place} cannot be read: {error.strerror}.", "Name the file with the token.") from None
        if not token:
            raise Refusal(f"{place} is empty.", _REMEDY)
    if not token.isascii() or not token.isprintable() or " " in token:
        raise Refusal(f"{source} holds no token.", _REMEDY)
    if token:
        register(token)
    return token
