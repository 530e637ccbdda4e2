"""The environment of the target: the interpreter that its tests run with, and what of the host is seen for that."""

from dataclasses import dataclass

from checks.sandbox.port import Binding


@dataclass(frozen=True, slots=True)
class Environment:
    """`python` is an interpreter's path inside, `version` its (major, minor), `bindings` what it needs of the host.
    `origin` says in words where it comes from; `paths` are folders of packages that are ours and come last; `folder` is
    where the project is to lie inside (an editable install names the place it had)."""

    python: str
    version: tuple[int, int]
    bindings: tuple[Binding, ...]
    origin: str
    paths: tuple[str, ...] = ()
    folder: str = "/project"
