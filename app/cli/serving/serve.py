"""`selfmod serve`."""

from typing import Annotated

import typer

from app.cli.serving.installed import server_libraries


def serve(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", help="The port; 0 takes a free one.", min=0, max=65535)] = 8000,
    setup: Annotated[
        bool, typer.Option("--setup", help="Without an App: first serve a page that registers one at GitHub.")
    ] = False,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Run no jobs in this process; `selfmod worker` does.")
    ] = False,
    trusted_proxy: Annotated[
        str,
        typer.Option(metavar="ADDRESS,…", help="Proxies whose X-Forwarded headers count; without, nobody's do."),
    ] = "",
) -> None:
    """Serve the GitHub App: receive webhooks, review pull requests, report. Settings come from the environment.

    Example: SELFMOD_PUBLIC_URL=https://selfmod.example.org selfmod serve --setup
    """
    with server_libraries():
        from app.cli.serving import listening, server
    from app import settings as environment
    from app.operations import logs

    settings = environment.read()
    logs.configure(settings.log_format)
    with listening.listen(host, port) as sock:
        server.serve(settings, sock, setup=setup, worker=not no_worker, proxies=trusted_proxy)
