"""`selfmod worker`."""

import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import put
from app.cli.serving.installed import server_libraries

if TYPE_CHECKING:
    from app.cli.serving.working import Working


def worker(
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Jobs at once in this process, else SELFMOD_JOBS.", min=1, max=64)
    ] = None,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address for --port.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(metavar="PORT", help="Serve /healthz, /readyz and /metrics there; 0 takes a free one.", max=65535),
    ] = None,
) -> None:
    """Run jobs beside a server, on this machine or, with PostgreSQL, on another. Settings come from the environment.

    Example: SELFMOD_DATABASE_URL=postgresql://selfmod@db/selfmod selfmod worker
    """
    with server_libraries():
        from app.cli.serving import listening, working
    from app import settings as environment
    from app.operations import logs

    settings = environment.read()
    if jobs is not None:
        settings = settings.model_copy(update={"jobs": jobs})
    logs.configure(settings.log_format)
    if port is None:
        with working.working(settings, worker=True) as house:
            put(_said(house))
            _until_told()
        return
    with listening.listen(host, port) as sock, working.working(settings, worker=True) as house:
        from app.cli.serving.application import application
        from app.webhooks.probes import Probes

        probes = Probes(working.questions(house))
        app = application(probes.routes())
        listening.Server(app, lambda: put(f"{_said(house)}; {listening.address(sock)}/metrics")).run([sock.dup()])
        probes.close()


def _said(house: "Working") -> str:
    return f"selfmod works on jobs, {house.settings.jobs} at once, as {house.durable.executor}"


def _until_told() -> None:
    """Waits for SIGTERM or Ctrl-C; a second one ends the process at once."""
    from app.cli.serving import listening

    told = threading.Event()

    def stop(number: int, _: FrameType | None) -> None:
        told.set()
        listening.end_at_last()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not told.wait(1.0):  # a wait without an end would hold signals back on some systems
        pass
