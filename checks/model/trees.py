"""One entry of a tree of files, as it is handed from room to room."""

from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["100644", "100755", "120000"]
"""Modes as git writes them: a file, an executable one, a symbolic link."""


@dataclass(frozen=True, slots=True)
class File:
    """`path` is relative with `/`, without `..`; bytes that are no UTF-8 are lone surrogates. `content` of a link is
    its target."""

    path: str
    content: bytes = field(repr=False)
    mode: Mode = "100644"
