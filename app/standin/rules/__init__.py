"""What a branch demands before a merge, whether a pull request meets it, and the merge itself."""

from app.standin.rules import auto_merge, pushes, reviewing, verdict
from app.standin.state import Account, Repository, World


def hold(world: World) -> None:
    """Lets the rules hold in a world: its pull requests have a state, and what happens has consequences."""
    world.merge_state = verdict.merge_state
    world.refuses = _refuses
    world.watchers += [reviewing.watch, auto_merge.watch]


def _refuses(world: World, repository: Repository, ref: str, old: str, new: str, by: Account) -> str:
    app = next((one for one in world.apps.values() if one.bot is by), None)
    return pushes.refusal(world, repository, ref, old, new, verdict.Merger(by, app)) or ""
