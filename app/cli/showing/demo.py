"""`selfmod demo`."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import colours, put
from app.cli.progress import steps as shown
from app.cli.serving.installed import server_libraries
from checks.model.errors import Refusal

if TYPE_CHECKING:
    from app.cli.showing.grounds import Ground
    from app.cli.showing.hosting import Hosted
    from app.cli.showing.scene import Scene
    from app.cli.showing.walk import Done, Step

OWN_LIMIT, LIMIT = 600.0, 120.0
"""Seconds that a step may wait: on a project of one's own, whose tests may take long, and on the sample."""


def demo(
    repo: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Show it on a copy of this project in place of the sample; yours stays."),
    ] = None,
    headless: Annotated[
        bool, typer.Option("--headless", help="End when the walk ends, also in a terminal; leave no page up.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document of all steps; implies --headless.")
    ] = False,
    python: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The interpreter or virtual environment that the project's tests run with."),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Leave the git repositories, the App's data and its log in this new folder."),
    ] = None,
) -> None:
    """Show the whole line on an embedded GitHub: a fault is reported on a pull request, a fix is asked for, selfmod's
    pull requests appear, are judged, approved, merged, taken back and stopped. Needs no account, token or network.

    Every step is checked against what the embedded GitHub and its git repositories hold. In a terminal its pages stay
    up until Ctrl-C.

    Exit code 0: every step held, or was skipped for the reason it gives. 1: a step did not hold. 2: usage, or a
    refusal.

    Example: selfmod demo --repo . --headless
    """
    with server_libraries():
        from app.cli.showing import grounds, told
    if keep is not None and os.path.lexists(keep):
        raise Refusal(f"{keep} exists already.", "Name a folder that does not.")
    ground = grounds.own(repo) if repo is not None else grounds.sample()
    began = time.monotonic()
    _sandboxed(python)
    stays = not (headless or as_json) and sys.stdout.isatty() and sys.stdin.isatty()
    with _folder(keep) as folder, _loopback(), shown("selfmod demo") as progress:
        from app.cli.showing.hosting import hosted

        progress("GitHub's stand-in and the App are starting")
        with hosted(ground, folder, python or _environment(repo)) as there:
            scene = _scene(there, ground, OWN_LIMIT if repo is not None else LIMIT)
            scene.progress = progress
            _protect(there, ground)
            setup, began = time.monotonic() - began, time.monotonic()
            progress("")
            if not as_json:
                put(_opening(there, ground, setup))
            done, walked = _walked(scene, quiet=as_json)
            seconds = time.monotonic() - began
            names = [each.name for each in walked]
            if as_json:
                put(told.document(done, names, scene, seconds, setup, repository=ground.name))
            else:
                put(told.end(done, len(walked), scene, seconds))
            if stays:
                _stays(there)
    if keep is not None and not as_json:
        put(f"\nkept: {keep}")
    raise typer.Exit(0 if told.passed(done) else 1)


def _walked(scene: "Scene", quiet: bool) -> "tuple[list[Done], tuple[Step, ...]]":
    """Walks, and says each step as it ends."""
    from app.cli.showing.steps import STEPS
    from app.cli.showing.told import step
    from app.cli.showing.walk import walk

    done = []
    for number, each in enumerate(walk(scene, STEPS), 1):
        done.append(each)
        scene.progress("")
        if not quiet:
            put(step(number, len(STEPS), each, colours(sys.stdout)))
    return done, STEPS


def _scene(there: "Hosted", ground: "Ground", limit: float) -> "Scene":
    from app.cli.showing.hosting import APPROVER, KEEPER, REQUESTER
    from app.cli.showing.scene import Fix, Scene

    people = there.people
    fix = Fix(("/selfmod fix",), on_issue=True, base="main", held=True)
    others = (people[APPROVER], people[KEEPER])
    return Scene(people[REQUESTER], others, "main", ground.fault, fix, limit=limit)


def _protect(there: "Hosted", ground: "Ground") -> None:
    """What the administrator does once: `selfmod protect --apply`, as a program of its own. Raises Refusal."""
    import subprocess

    from app.cli.showing.hosting import KEEPER, PROGRAM

    environment = {**there.environment, "GITHUB_TOKEN": there.github.person(KEEPER)}
    ran = subprocess.run(
        (*PROGRAM, "protect", "--repo", ground.name, "--apply"),
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=LIMIT,
        check=False,
    )
    if ran.returncode:
        said = (ran.stderr or ran.stdout).decode("utf-8", "replace").strip()
        raise Refusal(f"selfmod protect failed: {said[:500]}", "This is a fault of selfmod's own: please report it.")


def _opening(there: "Hosted", ground: "Ground", setup: float) -> str:
    from app.cli.showing.hosting import APPROVER, KEEPER, REQUESTER

    return (
        f"GitHub's stand-in is at {there.github.web_url}/{ground.name}, with selfmod serve beside it ({setup:.1f} s).\n"
        f"@{KEEPER} administers the repository and ran: selfmod protect --repo {ground.name} --apply\n"
        f"@{REQUESTER} and @{APPROVER} write.\n"
    )


def _stays(there: "Hosted") -> None:
    """Leaves the pages up until Ctrl-C, which is how it is meant to end."""
    put(f"\n{there.github.web_url}: look at the pull requests; Ctrl-C ends")
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        put("")


def _sandboxed(python: Path | None) -> None:
    """Raises Refusal where tests cannot be run here, or not with the Python that was asked for."""
    from checks.judge import ready
    from checks.settings import Settings

    tested = ready(Settings(), None, python)
    if tested.sandbox is None:
        reason, _, hint = tested.missing.partition("  ")
        raise Refusal(reason, hint or "See what is missing: selfmod sandbox probe")


def _environment(repo: Path | None) -> Path | None:
    """The environment that a project of one's own has beside it; without one the App builds what is declared."""
    found = (repo / name for name in (".venv", "venv")) if repo is not None else ()
    return next((each.absolute() for each in found if (each / "bin" / "python").exists()), None)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        try:
            keep.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise Refusal(f"{keep} cannot be made: {error.strerror}.", "Name a folder that can.") from None
        yield keep.resolve()
        return
    made = Path(tempfile.mkdtemp(prefix="selfmod-demo-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _loopback() -> Iterator[None]:
    """No proxy of this machine stands between the App and the stand-in, which are both on it."""
    before = {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}
    for name, value in before.items():
        os.environ[name] = ",".join(filter(None, (value, "127.0.0.1,localhost")))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
