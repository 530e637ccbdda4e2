"""Which sandbox this host can have: the strongest that was seen to hold, or none."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from checks.model.errors import Refusal
from checks.sandbox import bubblewrap
from checks.sandbox.container import engine
from checks.sandbox.port import Ability, Sandbox
from checks.sandbox.weaker import landlock

PROBE = "(or see 'selfmod sandbox probe')"


@dataclass(frozen=True, slots=True)
class Backend:
    """One implementation: what of it holds here, and how it is had. `chosen` is False for one that nobody is given
    without asking for it."""

    name: str
    abilities: Callable[[], tuple[Ability, ...]]
    make: Callable[[Path | None], Sandbox]
    chosen: bool = True


BACKENDS: tuple[Backend, ...] = (
    Backend("bubblewrap", bubblewrap.abilities, lambda python: bubblewrap.Bubblewrap(python=python)),
    Backend(
        "landlock", landlock.abilities, lambda python: landlock.Landlock(python=str(python or Path(sys.executable)))
    ),
    Backend("container", engine.abilities, lambda _: engine.Container(), chosen=False),
)
"""The strongest first."""


def choose(python: Path | None = None, backends: tuple[Backend, ...] = BACKENDS) -> Sandbox:
    """The first that holds in all that its probe tries. `python` is an interpreter for our own part of it, never that
    of the tests; None is this one.

    Raises Refusal where none does: what is to be run is then not run."""
    refusal = None
    for backend in backends:
        if not backend.chosen:
            continue
        missing = next((each for each in backend.abilities() if not each.holds), None)
        if missing is None:
            return backend.make(python)
        refusal = refusal or _refusal(backend.name, missing)
    raise refusal or Refusal("no sandbox on this host.", f"Install bubblewrap: apt-get install bubblewrap  {PROBE}")


def _refusal(name: str, missing: Ability) -> Refusal:
    said = missing.seen.rstrip(".")
    begun = said.startswith("no sandbox")
    reason = f"{said}." if begun else f"no sandbox on this host: {name}: {missing.name}: {said}."
    return Refusal(reason, f"{missing.remedy.rstrip('.')}  {PROBE}".strip())


def probe(backends: tuple[Backend, ...] = BACKENDS) -> list[tuple[str, tuple[Ability, ...]]]:
    """What of each backend holds on this host, in the order in which they are chosen."""
    return [(backend.name, backend.abilities()) for backend in backends]
