"""Ways of writing an option that the parser has no word for."""

from collections.abc import Sequence


def spelled(arguments: Sequence[str]) -> list[str]:
    """The arguments as the parser takes them: `--baseline FILE --write-baseline` and `--write-baseline FILE` both
    record the findings in FILE."""
    given = list(arguments)
    if "--write-baseline" not in given:
        return given
    at = given.index("--write-baseline")
    file = None
    for index, word in enumerate(given):
        if word.startswith("--baseline="):
            file = word.partition("=")[2]
        elif word == "--baseline" and index + 1 < len(given):
            file = given[index + 1]
    if file is None:
        return given
    given[at] = f"--write-baseline={file}"
    return given
