"""What a branch demands before a merge, whether a pull request meets it, and the merge itself."""

from app.standin.rules import auto_merge, pushes, reviewing, verdict
from app.standin.state import World


def hold(world: World) -> None:
    """Lets the rules hold in a world: its pull requests have a state, and what happens has consequences."""
    world.merge_state = verdict.merge_state
    world.refuses = pushes.refuses
    world.watchers += [reviewing.watch, auto_merge.watch]
