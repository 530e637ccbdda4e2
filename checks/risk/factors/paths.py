"""Paths that the change touches.

What it sees: workflows, CI, selfmod's own configuration, instructions of agents, `*.pth` and `sitecustomize.py`; build
and lock files, test configuration, Dockerfiles, Makefiles, git's own settings; symbolic links, submodules and changed
modes; compiled files and archives; and the `sensitive` patterns of the configuration. Both names of a rename count, in
any spelling that some file system takes for the same.

Why it counts: such files run with the project's secrets, or while it is built and tested, before anybody reviewed them.

How to lower it: leave the file out, or propose it in a pull request of its own.
"""

from checks.model.safety import Factor, Level, Proposer
from checks.risk import kinds, paths
from checks.risk.evidence import Evidence
from checks.risk.weights import factor

NAME = "paths"
STANDS = True
_STRANGE = " by a program or a fork"


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """One factor for each reason, with all its paths."""
    found: dict[str, list[str]] = {}
    touched = evidence.change.touched
    strange = evidence.proposer in (Proposer.SELFMOD, Proposer.FORK)
    locks_only = all(kinds.is_lock(path) for each in touched for path in (each.path, each.was))
    for each in touched:
        for path, kind in paths.of_touched(each):
            case = kind.value
            if kind in (paths.Kind.BUILD, paths.Kind.LINK) and strange:
                case += _STRANGE
            elif kind is paths.Kind.BUILD and locks_only and evidence.proposer is Proposer.DEPENDENCY_BOT:
                case = "lock by a dependency bot"
            found.setdefault(case, []).append(path)
        levels = [paths.demanding(evidence.sensitive, path) for path in {each.path, each.was}]
        level = max((level for level in levels if level is not None), key=lambda level: level.rank, default=None)
        if level is not None and level is not Level.SAFE:
            found.setdefault(f"sensitive {level.value}", []).append(each.path)
    return tuple(_factor(case, list(dict.fromkeys(where))) for case, where in found.items())


def _factor(case: str, where: list[str]) -> Factor:
    words = case.removesuffix(_STRANGE)
    if case.startswith("sensitive"):
        words = f"sensitive ({case.split()[1]})"
    elif case == "build":
        words = "build, lock or test configuration"
    elif words == "build":
        words = "build, lock or test configuration, proposed by a program or from a fork"
    return factor(NAME, case, f"{words}: {kinds.listed(where)}", f"leave out {kinds.listed(where, 10)}")
