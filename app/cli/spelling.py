"""Ways of writing an option that the parser has no word for."""

from collections.abc import Sequence
from pathlib import Path

RECORD = "--write-baseline"
KNOWN = "--baseline"


def spelled(arguments: Sequence[str]) -> list[str]:
    """The arguments as the parser takes them: `--baseline FILE --write-baseline` and `--write-baseline FILE` both
    record the findings in FILE."""
    given = list(arguments)
    # what follows `--` are paths, whatever they look like
    end = given.index("--") if "--" in given else len(given)
    if RECORD not in given[:end]:
        return given
    at = given.index(RECORD)
    file = _known(given[:end])
    if file is None or _names_a_file(given[:end], at, file):
        return given
    given[at] = f"{RECORD}={file}"
    return given


def _known(given: Sequence[str]) -> str | None:
    """The file of the last `--baseline`."""
    file = None
    for index, word in enumerate(given):
        if word.startswith(f"{KNOWN}="):
            file = word.partition("=")[2]
        elif word == KNOWN and index + 1 < len(given):
            file = given[index + 1]
    return file


def _names_a_file(given: Sequence[str], at: int, known: str) -> bool:
    """Whether the word behind `--write-baseline` is its file: not so where it is an option, or a path to review."""
    following = given[at + 1] if at + 1 < len(given) else "-"
    if following == known:
        return True
    return not following.startswith("-") and not (Path(following).is_dir() or following.endswith((".py", ".pyw")))
