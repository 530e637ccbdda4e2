"""The sandboxes that the suite is run in."""

import os
from collections.abc import Callable

from checks.sandbox.bubblewrap import Bubblewrap
from checks.sandbox.port import Sandbox
from checks.sandbox.weaker.landlock import Landlock
from tests.hostile.project import Hostile, Noticed
from tests.sandboxes import Bare

BACKENDS: dict[str, Callable[[], Sandbox]] = {"bare": Bare, "bubblewrap": Bubblewrap, "weaker": Landlock}


def must_be_noticed(project: Hostile) -> bool:
    """Whether the suite has to notice the project where nothing is isolated."""
    return project.noticed is Noticed.ALWAYS or (project.noticed is Noticed.ROOT and os.geteuid() == 0)
