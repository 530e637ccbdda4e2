"""`selfmod review`."""

import os
import sys
from collections import Counter
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.group import say, version
from app.cli.output import check, colours, put, width
from app.cli.progress import bar
from app.cli.repository import settings_of
from checks.debugging import baseline as baselines
from checks.debugging.cache import Cache
from checks.debugging.rules import RULES
from checks.debugging.selection import ENDINGS
from checks.model.errors import Refusal
from checks.model.findings import Severity
from checks.model.review import Review
from checks.reports import github, json, sarif, text
from checks.review import Wish, review_change, review_tree


class Format(StrEnum):
    """Who reads the report."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def review(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file, a folder or a repository.")] = Path(),
    base: Annotated[
        str | None, typer.Option(metavar="REV", help="Report only what the change since this revision introduces.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Report only what is not recorded in this file.")
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Record the findings in this file (with --baseline: in that one)."),
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        Format | None, typer.Option(help="text for people (the default), the others for programs.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report there.")] = None,
    threshold: Annotated[
        Severity | None,
        typer.Option(help="Exit with 1 for findings of this severity and above (default: medium, or as configured)."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show findings below the threshold too.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Analyse every file anew.")] = False,
) -> None:
    """Find faults: bandit's, ruff's and selfmod's own rules, one finding a fault.

    Exit code 0: nothing at or above the threshold. 1: findings. 2: usage or environment.

    Examples:

        selfmod review                          the folder you are in

        selfmod review --base main              only what your branch introduces

        selfmod review --write-baseline known.json, then --baseline known.json: an old code base starts today

        selfmod review --format sarif --output findings.sarif
    """
    form = _form(format, as_json)
    if baseline and write_baseline and baseline != write_baseline:
        raise Refusal(
            f"--baseline {baseline} and --write-baseline {write_baseline} name two files.", "Name the one to write."
        )
    for file in (output, write_baseline):
        if file is not None:
            check(file)
    settings = settings_of(path, base)
    # False, and no error, where nobody may look
    if not os.path.isdir(path) and not path.name.endswith(ENDINGS):  # noqa: PTH112
        raise Refusal(f"{path} is no Python file.", f"Name a folder, or a file that ends in {' or '.join(ENDINGS)}.")
    recorded = baselines.read(baseline) if baseline and not write_baseline else Counter[str]()
    cache = None if no_cache else Cache()
    with bar("reviewing") as progress:
        wish = Wish(
            threshold=threshold or settings.review.threshold,
            exclude=settings.review.exclude,
            disable=settings.review.disable,
            recorded=recorded,
            cache=cache,
            progress=progress,
        )
        result = review_change(path, base, wish) if base is not None else review_tree(path, wish)
    if cache:
        cache.close()
    if write_baseline:
        put(baselines.written(result.findings), write_baseline)
        say(f"{text.counted(len(result.findings), 'finding')} recorded in {write_baseline}")
        # what is left is what the next review with this baseline will say
        result = replace(result, findings=(), older=result.older + len(result.findings))
    _report(result, form, output, everything)
    raise typer.Exit(1 if result.failing else 0)


def _form(given: Format | None, as_json: bool) -> Format:
    if as_json and given not in (None, Format.JSON):
        raise Refusal(f"--json and --format {given} exclude each other.", "Give one of them.")
    return Format.JSON if as_json else given or Format.TEXT


def _report(result: Review, form: Format, output: Path | None, everything: bool) -> None:
    if form is Format.TEXT:
        plain = output is not None
        rendered = text.render(
            result,
            colour=not plain and colours(sys.stdout),
            everything=everything,
            width=None if plain else width(sys.stdout),
        )
    elif form is Format.JSON:
        rendered = json.render(result)
    elif form is Format.SARIF:
        rules = {rule.name: (rule.summary, rule.documentation) for rule in RULES}
        rendered = sarif.render(result, rules, version=version())
    else:
        rendered = github.render(result)
    put(rendered, output)
    if output is not None and not os.environ.get("CI"):
        for line in text.closing(result):
            say(line)
