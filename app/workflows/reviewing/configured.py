"""The configuration in force for a pull request: that of the target branch at one commit, on top of its
organisation's. What the pull request itself says is never asked."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.workflows.host import Host
from checks.configuration.layers import Layer, Layered
from checks.configuration.reading import dumped
from checks.model.errors import Refusal
from checks.reports.safe import shortened
from checks.repository.snapshot import Snapshot, of_commit
from checks.settings import ORGANISATION, PLACE, Settings, layered

MOST = 100
"""Values of the configuration that are told."""
LONGEST = 300
"""Characters of one."""


@dataclass(frozen=True, slots=True)
class InForce:
    """`settings` with what they are made of; `tree` are the files of the commit that they are from."""

    settings: Settings
    layers: Layered[Settings]
    tree: Snapshot
    commit: str
    branch: str

    def shown(self) -> str:
        """`main@a81d0123ab`, with the organisation's file where there is one."""
        places = [place for place, _ in self.layers.documents if place != PLACE]
        own = any(place == PLACE for place, _ in self.layers.documents)
        said = f"{self.branch}@{self.commit[:10]}" + ("" if own else f" (no {PLACE}: the defaults)")
        return said + (f", on top of {', '.join(places)}" if places else "")

    def unusual(self) -> tuple[tuple[str, str, str], ...]:
        """What the files say, at most MOST of it: key, value as JSON, and the place that says it."""
        found = []
        for location, origin in self.layers.origins():
            if origin.place:
                value: Any = dumped(self.settings)
                for part in location:
                    value = value[part]
                said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                found.append((".".join(map(str, location)), shortened(said, LONGEST), str(origin)))
        return tuple(found[:MOST])


def in_force(host: Host, root: Path, commit: str, branch: str) -> InForce:
    """The settings that a commit of the target branch holds. Raises Refusal, with file, line and remedy, for what is
    not valid: then nothing can be judged, and nothing is."""
    tree = of_commit(root, commit)
    found = layered(organisation(host), repository(tree))
    return InForce(found.told(), found, tree, commit, branch)


def organisation(host: Host) -> Layer | None:
    """The file that holds for all repositories of the owner, None where there is none or the App may not read it."""
    owner = host.repository.partition("/")[0]
    for place in ORGANISATION:
        content = host.organisation_file(place)
        if content is not None:
            return Layer(content, f"{owner}/.github/{place}")
    return None


def repository(tree: Snapshot) -> Layer | None:
    """The repository's own file in a tree, None where there is none. Raises Refusal for what is no regular file."""
    if any(note.file == PLACE for note in tree.skipped):
        raise Refusal(f"{PLACE} of {(tree.commit or '')[:10]} is no regular file.", "Make it one.")
    if not any(entry.path == PLACE for entry in tree.files):
        return None
    try:
        return Layer(tree.read(PLACE), PLACE)
    except OSError as error:
        raise Refusal(f"{PLACE} cannot be read: {error.strerror}.", "Make it readable.") from None
