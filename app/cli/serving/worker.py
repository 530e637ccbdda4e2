"""`selfmod worker`."""

import signal
import threading
from types import FrameType
from typing import Annotated

import typer

from app.cli.output import put
from checks.model.errors import Refusal


def worker(
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Jobs at once in this process, else SELFMOD_JOBS.", min=1, max=64)
    ] = None,
) -> None:
    """Run jobs beside a server, on this machine or, with PostgreSQL, on another. Settings come from the environment.

    Example: SELFMOD_DATABASE_URL=postgresql://selfmod@db/selfmod selfmod worker
    """
    try:
        from app.cli.serving import listening, working
    except ImportError as error:
        raise Refusal(
            f"the server's libraries are not installed: there is no {error.name}.",
            "Install them: pip install 'selfmod[server]'",
        ) from None
    from app import settings as environment
    from app.operations import logs

    settings = environment.read()
    if jobs is not None:
        settings = settings.model_copy(update={"jobs": jobs})
    logs.configure(settings.log_format)
    told = threading.Event()

    def stop(number: int, _: FrameType | None) -> None:
        told.set()
        listening.end_at_last()
        signal.signal(number, signal.SIG_DFL)  # a second one ends it at once

    with working.working(settings, worker=True) as house:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        put(f"selfmod works on jobs, {settings.jobs} at once, as {house.durable.executor}")
        while not told.wait(1.0):  # a wait without an end would hold signals back on some systems
            pass
