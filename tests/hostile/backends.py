"""The sandboxes that the suite is run in, and the environment of its projects."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from checks.sandbox.environment import Environment
from checks.sandbox.port import Binding, Sandbox
from tests.hostile.project import Hostile, Noticed
from tests.sandboxes import Bare


def _bubblewrap() -> Sandbox:
    from checks.sandbox.bubblewrap import Bubblewrap

    return Bubblewrap()


def _weaker() -> Sandbox:
    from checks.sandbox.weaker.landlock import Landlock

    return Landlock()


BACKENDS: dict[str, Callable[[], Sandbox]] = {"bare": Bare, "bubblewrap": _bubblewrap, "weaker": _weaker}


def environment() -> Environment:
    """This interpreter with its packages: pytest is among them."""
    places = dict.fromkeys(str(Path(each).resolve()) for each in (sys.prefix, sys.base_prefix))
    bindings = tuple(Binding(Path(each), each) for each in places if each != "/usr")
    return Environment(sys.executable, sys.version_info[:2], bindings, "this interpreter")


def must_be_noticed(project: Hostile) -> bool:
    """Whether the suite has to notice the project where nothing is isolated."""
    return project.noticed is Noticed.ALWAYS or (project.noticed is Noticed.ROOT and os.geteuid() == 0)
