"""Where a report goes: standard output, or a file that is there whole or not at all."""

import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import TextIO

from checks.model.errors import Refusal

_REMEDY = "Name a file in a folder that you may write to."


def put(text: str, output: Path | None = None) -> None:
    """Writes a report, UTF-8, lone surrogates as the bytes that they stand for. A reader of standard output who has
    seen enough (`| head`) is no error. Raises Refusal where it cannot be written."""
    if not text.endswith("\n"):
        text += "\n"
    content = text.encode("utf-8", "surrogateescape")
    if output is None:
        _printed(content)
    else:
        _written(content, output)


def _printed(content: bytes) -> None:
    # None where the caller closed it
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    except OSError as error:
        _deaf(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            raise Refusal(f"the report cannot be written: {error.strerror}.", "Make room, or use --output.") from None


def _deaf(stream: TextIO) -> None:
    """What is still in the stream's buffer goes nowhere: the interpreter would complain about it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def check(output: Path) -> None:
    """Raises Refusal where a report could not be written: asked before the work that it is about."""
    if output.is_dir():
        raise Refusal(f"{output} is a folder.", "Name a file.")
    if not output.absolute().parent.is_dir():
        raise Refusal(f"{output} cannot be written: there is no folder {output.parent}.", _REMEDY)


def _written(content: bytes, output: Path) -> None:
    temporary = None
    try:
        check(output)
        facts = output.stat() if output.exists() else None
        if facts is not None and not stat.S_ISREG(facts.st_mode):
            # a pipe or /dev/stdout is written to; replacing /dev/null would harm the whole machine
            with output.open("wb") as device:
                device.write(content)
            return
        target = output.resolve()  # a link stays a link
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(stat.S_IMODE(facts.st_mode) if facts is not None else 0o666 & ~_umask())
        Path(temporary).replace(target)
        temporary = None
    except (OSError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) else "its links lead in a circle"
        raise Refusal(f"{output} cannot be written: {why}.", _REMEDY) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def colours(stream: TextIO | None) -> bool:
    """Whether to colour: only on a terminal, and not where NO_COLOR or TERM=dumb says no (https://no-color.org)."""
    asked = stream is not None and stream.isatty()
    return asked and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width(stream: TextIO | None) -> int | None:
    """The terminal's columns, None where the text goes elsewhere."""
    return shutil.get_terminal_size().columns if stream is not None and stream.isatty() else None
