"""Which configuration holds for what selfmod proposes."""

from app.model.forge import Pull
from app.model.trouble import Gone
from app.workflows.reviewing.configured import InForce, in_force
from app.workflows.steps import Tools


def of_branch(tools: Tools, name: str) -> InForce:
    """The configuration in force for a proposal into a branch. Where that is a pull request's own branch, it is that of
    the branch which this one goes into: what somebody pushes to a branch does not say what selfmod may do there. Raises
    Gone where the branch is gone, Refusal where the configuration is not valid."""
    parent = _parent(tools, name)
    ref = parent.base_ref if parent else name
    tip = tools.host.branch(ref)
    if tip is None:
        raise Gone(f"the branch {ref}")
    return in_force(tools.host, tools.host.local(tip), tip, ref)


def _parent(tools: Tools, name: str) -> Pull | None:
    """The open pull request whose branch this is, None where it is none's."""
    if name == tools.host.default_branch():
        return None
    return next((each for each in tools.host.pulls() if each.head_ref == name and not each.from_fork), None)
