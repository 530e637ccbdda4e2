"""What a revert brings back: it was there before what the revert takes back, so it is not new. It fails no stage; it is
told, and people decide."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from checks.model.findings import Finding
from checks.repository.change import Change, Touched

FACT = "brought back by the revert"


def narrowed(before: Change, paths: Collection[str]) -> Change:
    """What became of these files alone since the tree before; those that are the same now too."""
    differing = {each.path: each for each in before.present()}
    return replace(before, touched=tuple(differing.get(path) or Touched(path, "modified") for path in sorted(paths)))


def facts(returned: Iterable[Finding]) -> dict[str, str]:
    """The fact of a stage that names what comes back, none where nothing does."""
    places = [f"{each.rule} in {each.file}:{each.line}" for each in returned]
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    return {FACT: f"{', '.join(places[:3])}{more}"} if places else {}
