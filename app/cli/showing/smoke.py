"""`selfmod smoke`."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from app.cli.output import colours, put
from app.cli.progress import steps as shown
from app.cli.serving.installed import server_libraries
from checks.model.errors import Refusal

if TYPE_CHECKING:
    from app.cli.showing.person import Person
    from app.cli.showing.trial import Ground

VARIABLE = "GITHUB_TOKEN"
NEAR, FAR = 0.2, 3.0
"""Seconds between two looks: at a server on this machine, and at one that counts requests."""
_REMEDY = (
    "It is a token of a person with write access: contents, issues and pull requests; also administration, to protect"
)


def smoke(
    repository: Annotated[
        str, typer.Option("--repo", metavar="OWNER/NAME", help="A test repository with the App.", show_default=False)
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to begin.")] = False,
    token_env: Annotated[
        str, typer.Option("--token-env", metavar="NAME", help="The variable with your token.")
    ] = VARIABLE,
    approver_token_env: Annotated[
        list[str] | None,
        typer.Option(
            "--approver-token-env",
            metavar="NAME",
            help="The variable with the token of who may approve; again for another person.",
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="SECONDS", help="How long a step may wait.", min=1, max=3600)
    ] = 300,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document of all steps.")] = False,
) -> None:
    """Try the App that is installed on a test repository: the walk of `selfmod demo`, on GitHub itself, with your
    token. Says beforehand what it will do, asks, and takes away what it made, also after Ctrl-C. The App must be
    running; this starts none. SELFMOD_GITHUB_API_URL names another server than github.com.

    It works between two branches of its own. What one person cannot show (an approval of somebody else) is skipped with
    the reason; a second token, in the variable that --approver-token-env names, shows it. What is taken back in the end
    is the fix of a security fault, to which two people must agree: a third token shows that.

    Not yet tried on github.com itself.

    Exit code 0: every step held, or was skipped for the reason it gives. 1: a step did not hold. 2: usage, or a
    refusal.

    Example: selfmod smoke --repo acme/sandbox --approver-token-env TOKEN_OF_CYD
    """
    with server_libraries():
        from app.cli.showing import told, trial
        from app.cli.showing.person import Person
        from app.cli.showing.walk import walk
        from app.github.client import Client
        from app.github.values import checked_repository
    from app import settings as environment

    what, api = checked_repository(repository), environment.read().api_url
    token = _token(token_env)
    others = [_token(each) for each in approver_token_env or ()]
    client = Client(api)
    try:
        person = Person(client, token, what)
        approvers = tuple(Person(client, each, what) for each in others)
        default = _reached(person, approvers)
        place = trial.ground()
        _agreed(trial.plan(person, approvers, place, default, api), yes, as_json)
        began, done = time.monotonic(), []
        near = (urlsplit(api).hostname or "") in ("127.0.0.1", "localhost", "::1")
        scene = trial.scene(person, approvers, place, NEAR if near else FAR, float(limit))
        with shown("selfmod smoke") as progress, _swept(person, place, progress):
            scene.progress = progress
            trial.prepare(person, place, default)
            setup = time.monotonic() - began
            for number, each in enumerate(walk(scene, trial.SMOKE), 1):
                done.append(each)
                progress("")
                if not as_json:
                    put(told.step(number, len(trial.SMOKE), each, colours(sys.stdout)))
        seconds = time.monotonic() - began
        if as_json:
            put(told.document(done, [e.name for e in trial.SMOKE], scene, seconds, setup, repository=what, api=api))
        else:
            put(told.end(done, len(trial.SMOKE), scene, seconds))
    finally:
        client.close()
    raise typer.Exit(0 if told.passed(done) else 1)


def _reached(person: "Person", approvers: "tuple[Person, ...]") -> str:
    """The default branch. Raises Refusal where somebody may not write, or both tokens are one person's."""
    from app.model.trouble import Gone, Unavailable

    try:
        found = [each.place() for each in (person, *approvers)]
        logins = [each.login.casefold() for each in (person, *approvers)]
    except Gone:
        raise Refusal(f"{person.repository} is not there, or not for this token.", _REMEDY) from None
    except Unavailable as error:
        raise Refusal(str(error), "Try again later.") from None
    twice = next((each for each in logins if logins.count(each) > 1), "")
    if twice:
        raise Refusal(f"two tokens are @{twice}'s.", "Nobody approves what they asked for, or twice: name another's.")
    for each, login in zip(found, logins, strict=True):
        if not (each.get("permissions") or {}).get("push"):
            raise Refusal(f"@{login} may not write to {person.repository}.", _REMEDY)
    return str(found[0]["default_branch"])


def _agreed(plan: str, yes: bool, as_json: bool) -> None:
    """Says what will happen and asks. Raises Refusal where nobody can be asked, Exit where the answer is no."""
    if yes:
        if not as_json:
            put(plan + "\n")
        return
    if as_json or not sys.stdin.isatty():
        raise Refusal("nobody can be asked here whether to begin.", "Read what it does in --help, and add --yes.")
    put(plan)
    if not typer.confirm("Begin?"):
        raise typer.Exit(2)


@contextmanager
def _swept(person: "Person", place: "Ground", progress: object) -> Iterator[None]:
    """Takes everything away in the end; a second Ctrl-C meanwhile waits until it is done."""
    from app.cli.group import say
    from app.cli.showing import trial

    try:
        yield
    finally:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            if callable(progress):
                progress("taking away what was made")
            left = list(trial.sweep(person, place))
            for each in left:
                say(f"selfmod: left behind: {each}")
        finally:
            signal.signal(signal.SIGINT, before)


def _token(name: str) -> str:
    """The token in a variable; nothing of it is ever part of a message. Raises Refusal where there is none."""
    from app.operations.redaction import register

    token = os.environ.get(name, "").strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Refusal(f"the variable {name} holds no token.", _REMEDY)
    register(token)
    return token
