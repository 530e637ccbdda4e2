"""The environment that a pull request's tests run with on a server: built of what the base declares, wheels only.

A change's own dependencies never get in: they would be the judges of its own tests."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from app.operations.holding import Hold
from app.settings import ServerSettings
from checks.model.errors import Refusal
from checks.repository.declarations import installing
from checks.repository.snapshot import Snapshot
from checks.sandbox.built import DONE, Index, of_distributions
from checks.sandbox.environment import Environment, find

FOLDER = "environments"
"""In the data folder: one folder for each set of requirements. Those that nobody used for long are removed where all of
them together are too large (`app.operations.holding`)."""


@dataclass(frozen=True, slots=True)
class Built:
    """The environment, or why there is none in words. It stays for as long as this object is there."""

    environment: Environment | None
    why: str = ""
    hold: Hold | None = field(default=None, compare=False)


def of_base(base: Snapshot, settings: ServerSettings) -> Built:
    """The environment with what the tests of the base need; selfmod's own interpreter where nothing is declared."""
    wanted = installing.of(base)
    if not wanted.lines and not wanted.direct:
        return Built(find(None, variables={}))
    if wanted.direct:
        names = ", ".join(wanted.direct[:3])
        return Built(
            None, f"the tests need {names}, which comes from an address: only wheels of an index are installed"
        )
    try:
        while True:
            made = of_distributions(wanted.text, settings.data_dir / FOLDER, index(settings.package_index))
            folder = Path(made.python).parent.parent
            hold = Hold(folder)
            if (folder / DONE).is_file():
                return Built(made, hold=hold)
            hold.release()  # it was removed between the two: it is built anew
    except Refusal as refusal:
        return Built(None, f"the environment of the tests cannot be built: {refusal}")


def index(named: str) -> Index:
    """Where wheels come from: the address that the operator set, a folder of wheels, or what pip itself would take."""
    if named.startswith("/"):
        return Index(folders=(Path(named),))
    address = named or os.environ.get("PIP_INDEX_URL", "")
    return Index(address) if address else Index(usual=True)
