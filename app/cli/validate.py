"""`selfmod validate`."""

import json
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.group import log_bug
from app.cli.output import check, colours, put
from app.cli.progress import steps
from app.model.decision import Decision
from app.model.oversight import Oversight
from app.views import decision as views
from app.views.oversight import plain
from app.views.oversight import shown as oversight
from checks.debugging.cache import Cache
from checks.model.errors import Refusal
from checks.model.judged import Judged
from checks.model.safety import Proposer
from checks.model.verdicts import State
from checks.reports.judged import markdown, text
from checks.reports.judged.json import document
from checks.repository import git
from checks.repository.change import Change
from checks.repository.changed import of_commits, of_patch, of_working_tree

LARGEST = 64 * 1024 * 1024
"""Bytes of a patch."""


class Format(StrEnum):
    """Who reads the report."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def validate(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder of the repository.")] = Path(),
    base: Annotated[
        str | None,
        typer.Option(metavar="REV", help="Judge the commits since this revision (REV..HEAD), not the working tree."),
    ] = None,
    head: Annotated[str, typer.Option(metavar="REV", help="The last of these commits.")] = "HEAD",
    patch: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Judge this patch on HEAD (on --base where given); - reads it.")
    ] = None,
    proposer: Annotated[
        Proposer, typer.Option(help="Who proposes it: what a person may do weighs more from a program or a fork.")
    ] = Proposer.PERSON,
    author: Annotated[
        str, typer.Option(metavar="LOGIN", help="The author's login, for the rules of the configuration.")
    ] = "",
    python: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The interpreter or virtual environment that the tests run with."),
    ] = None,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Do not run the tests; the change is then at least MEDIUM_RISK.")
    ] = False,
    format: Annotated[  # noqa: A002  # the option's name
        Format | None, typer.Option(help="text for people (the default), the others for programs and GitHub.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report there.")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Analyse every file anew.")] = False,
) -> None:
    """Validate a change in five stages, say how risky it is, why, and who must agree.

    Judged are the changes of the working tree since HEAD, or with --base the commits since then, or a patch. The
    configuration and the tests are those of the base: a change never decides how it is judged. Code of the change runs
    only in the sandbox.

    Exit code 0: every stage passed or was skipped. 1: a stage failed. 2: a stage could not be carried out, usage.

    Examples:

        selfmod validate                        what you have not committed yet

        selfmod validate --base main            what your branch brings

        git diff main... | selfmod validate --patch - --base main --json
    """
    from app.orchestrator.configured import decided  # a third of a second that `--help` need not pay
    from app.orchestrator.oversight import oversee
    from checks.judge import Who, configured, judge, ready

    form = _form(format, as_json)
    if output is not None:
        check(output)
    change = _change(path, base, head, patch)
    settings = configured(change, base)
    cache = None if no_cache else Cache()
    with steps("validating") as told:
        tested = ready(settings, change.root, python)
        untested = "left out: --no-sandbox" if no_sandbox else ""
        who = Who(proposer, author or None)
        judged = judge(change, settings, who, tested, untested=untested, cache=cache, told=told, broke=log_bug)
    if cache:
        cache.close()
    decision = decided(judged, settings, proposer)
    review = oversee(judged) if decision.review else None
    put(_rendered(_Said(judged, decision, review), form, output is None and colours(sys.stdout)), output)
    raise typer.Exit(exit_code(judged))


def exit_code(judged: Judged) -> int:
    """0, 1 where a stage failed, 2 where one could not be carried out."""
    states = {stage.state for stage in judged.verdict.stages}
    return 1 if State.FAILED in states else 2 if State.ERROR in states else 0


@dataclass(frozen=True, slots=True)
class _Said:
    judged: Judged
    decision: Decision
    review: Oversight | None


def _form(given: Format | None, as_json: bool) -> Format:
    if as_json and given not in (None, Format.JSON):
        raise Refusal(f"--json and --format {given} exclude each other.", "Give one of them.")
    return Format.JSON if as_json else given or Format.TEXT


def _change(path: Path, base: str | None, head: str, patch: Path | None) -> Change:
    """Raises Refusal where there is no such change."""
    if head != "HEAD" and (base is None or patch is not None):
        raise Refusal("--head goes with --base alone.", "Name the revision that the commits began from: --base REV.")
    if git.find_root(path) is None:
        raise git.outside(path, "there is no change to validate", "Make it one: git init")
    if patch is not None:
        return of_patch(path, _read(patch), "the patch" if str(patch) == "-" else patch.name, base or "HEAD")
    return of_working_tree(path) if base is None else of_commits(path, base, head)


def _read(patch: Path) -> bytes:
    try:
        if str(patch) == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with patch.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        hint = "Name a patch file, or - for standard input."
        raise Refusal(f"{patch} cannot be read: {error.strerror}.", hint) from None


def _rendered(said: _Said, form: Format, colour: bool) -> str:
    if form is Format.JSON:
        value = document(said.judged) | {"decision": views.document(said.decision)}
        if said.review is not None:
            value |= {plain.KIND: plain.document(said.review)}
        return json.dumps(value, indent=2)
    if form is Format.MARKDOWN:
        more = ["", "", oversight.markdown(said.review)] if said.review else []
        return markdown.render(said.judged) + "\n" + views.markdown(said.decision) + "\n".join(more)
    more = oversight.lines(said.review) if said.review else []
    return text.render(said.judged, colour=colour) + "\n".join([*views.lines(said.decision), *more])
