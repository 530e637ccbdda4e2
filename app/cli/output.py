"""Where a report goes: standard output, or a file that is there whole or not at all."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TextIO

from checks.model.errors import Refusal


def put(text: str, output: Path | None = None) -> None:
    """Writes a report. Raises Refusal where the file cannot be written."""
    if not text.endswith("\n"):
        text += "\n"
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
        return
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name[:50]}-")
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(output)
    except BaseException as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Refusal(
                f"{output} cannot be written: {error.strerror}.", "Name a file in a folder that you may write to."
            ) from None
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def colours(stream: TextIO) -> bool:
    """Whether to colour: only on a terminal, and not where NO_COLOR or TERM=dumb says no (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width(stream: TextIO) -> int | None:
    """The terminal's columns, None where the text goes elsewhere."""
    return shutil.get_terminal_size().columns if stream.isatty() else None
