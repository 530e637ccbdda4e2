"""The database that the environment names, for the verbs that only read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.deciding import opening
from checks.model.errors import Refusal

if TYPE_CHECKING:
    from app.store.connect import Store


Local = Annotated[bool, typer.Option("--local", help="The trail of the repository that you are in, and no server's.")]


@contextmanager
def opened(local: bool = False, make: bool = False, proved: bool = True) -> "Iterator[Store]":
    """The store, closed afterwards; with `local` that of the repository that the process is in, which is made with
    `make`, and whose trail must be whole unless `proved` is False. Raises Refusal where there is none, or where it
    does not answer."""
    if local:
        with opening.opened(opening.root_of(Path()), make, proved) as store:
            yield store
        return
    try:
        from app.store import connect
    except ImportError:
        raise Refusal(
            "the libraries of the server are not installed.", "Install them: pip install 'selfmod[server]'"
        ) from None
    from app import settings
    from app.model.trouble import Unavailable

    read = settings.read()
    if not connect.is_there(read):
        raise Refusal(
            "there is no database yet, so nothing was recorded.",
            "Set SELFMOD_DATABASE_URL or SELFMOD_DATA_DIR as for selfmod serve.",
        )
    store = connect.opened(read)
    try:
        yield store
    except Unavailable as unavailable:
        raise Refusal(f"{unavailable}.", "Try again when it does.") from None
    finally:
        store.close()
