"""The database that the environment names, for the verbs that only read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from checks.model.errors import Refusal

if TYPE_CHECKING:
    from app.store.connect import Store


@contextmanager
def opened() -> "Iterator[Store]":
    """The store, closed afterwards. Raises Refusal where there is none, or where it does not answer."""
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
