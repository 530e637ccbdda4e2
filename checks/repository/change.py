"""A change: two states of a repository and what lies between them. Validation, risk and the sandbox look at this."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from checks.repository.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Touched:
    """One path that differs, links and submodules too. Modes as git writes them, None where there is no such side;
    `old_path` is the path before where that was another one."""

    path: str
    status: Literal["added", "modified", "deleted", "renamed"]
    old_path: str | None = None
    old_mode: str | None = "100644"
    new_mode: str | None = "100644"

    @property
    def was(self) -> str:
        """The path on the base."""
        return self.old_path or self.path


@dataclass(frozen=True, slots=True)
class Change:
    """`base` and `head` are whole trees; `touched` is sorted by path. `root` is the work tree, None where there is
    none; `base_commit` and `head_commit` are full object names, the latter None for what is not committed. `name` is
    how a person calls it (`main..HEAD`, `the working tree`, `fix.patch`)."""

    base: Snapshot
    head: Snapshot
    touched: tuple[Touched, ...]
    root: Path | None = None
    base_commit: str | None = None
    head_commit: str | None = None
    name: str = ""

    def present(self) -> Iterator[Touched]:
        """What is there after the change."""
        return (each for each in self.touched if each.status != "deleted")
