"""Which sandbox this host can have: the strongest that was seen to hold, or none."""

import sys
from collections.abc import Callable, Iterable
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
    """One implementation: what of it holds here, and how it is had. `weaker` is what it does not keep out; `chosen` is
    False for one that nobody is given without asking for it."""

    name: str
    abilities: Callable[[], tuple[Ability, ...]]
    make: Callable[[Path | None], Sandbox]
    weaker: str = ""
    chosen: bool = True


BACKENDS: tuple[Backend, ...] = (
    Backend("bubblewrap", bubblewrap.abilities, lambda python: bubblewrap.Bubblewrap(python=python)),
    Backend(
        "landlock",
        landlock.abilities,
        lambda python: landlock.Landlock(python=str(python or Path(sys.executable))),
        landlock.WEAKER,
    ),
    Backend("container", engine.abilities, lambda _: engine.Container(), engine.Container.weaker, chosen=False),
)
"""The strongest first."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What was seen of one backend."""

    backend: Backend
    abilities: tuple[Ability, ...]

    @property
    def name(self) -> str:
        """The backend's name."""
        return self.backend.name

    @property
    def weaker(self) -> str:
        """What the backend does not keep out, empty for the full sandbox."""
        return self.backend.weaker

    @property
    def missing(self) -> Ability | None:
        """The first thing that does not hold."""
        return next((each for each in self.abilities if not each.holds), None)

    @property
    def holds(self) -> bool:
        """Whether all does."""
        return self.missing is None


def probed(
    told: Callable[[str], None] = lambda name: None, backends: tuple[Backend, ...] = BACKENDS
) -> tuple[Probed, ...]:
    """What of each backend holds on this host, in the order in which they are chosen. `told` hears each one's name."""
    found = []
    for backend in backends:
        told(backend.name)
        found.append(Probed(backend, backend.abilities()))
    return tuple(found)


def strongest(found: Iterable[Probed]) -> Probed | None:
    """The first that holds and may be chosen; nothing behind it is looked at."""
    return next((each for each in found if each.backend.chosen and each.holds), None)


def choose(python: Path | None = None, backends: tuple[Backend, ...] = BACKENDS) -> Sandbox:
    """The first that holds in all that its probe tries. `python` is an interpreter for our own part of it, never that
    of the tests; None is this one.

    Raises Refusal where none does: what is to be run is then not run."""
    seen: list[Probed] = []
    for backend in backends:
        if backend.chosen:
            seen.append(Probed(backend, backend.abilities()))
            if seen[-1].holds:
                return backend.make(python)
    if not seen or seen[0].missing is None:
        raise Refusal("no sandbox on this host.", f"Install bubblewrap: apt-get install bubblewrap  {PROBE}")
    raise _refusal(seen[0].name, seen[0].missing)


def _refusal(name: str, missing: Ability) -> Refusal:
    said = missing.seen.rstrip(".")
    begun = said.startswith("no sandbox")
    reason = f"{said}." if begun else f"no sandbox on this host: {name}: {missing.name}: {said}."
    return Refusal(reason, f"{missing.remedy.rstrip('.')}  {PROBE}".strip())
