"""The server's libraries are an extra: without them its verbs say so, in place of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from checks.model.errors import Refusal


@contextmanager
def server_libraries() -> Iterator[None]:
    """Around the imports of a verb. Raises Refusal where a library is missing; a module of ours that is missing is a
    bug."""
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name in ("app", "checks"):
            raise
        raise Refusal(
            f"the server's libraries are not installed: there is no {name}.",
            "Install them: pip install 'selfmod[server]'",
        ) from None
