"""Reviews of pull requests."""

from typing import Any

from app.standin.shapes import issues
from app.standin.shapes.people import association, user
from app.standin.state import Review, World, iso, iso_or_none


def review(world: World, one: Review) -> dict[str, Any]:
    """GitHub's `pull-request-review`."""
    pull = one.pull
    page = f"{issues.page(world, pull.issue)}#pullrequestreview-{one.id}"
    place = f"{world.url}/repos/{pull.repository.full_name}/pulls/{pull.number}"
    shown = {
        "id": one.id,
        "node_id": one.node_id,
        "user": user(world, one.author),
        "body": one.body,
        "state": one.state,
        "html_url": page,
        "pull_request_url": place,
        "author_association": association(world, pull.repository, one.author),
        "_links": {"html": {"href": page}, "pull_request": {"href": place}},
        "commit_id": one.commit,
    }
    return shown | ({"submitted_at": iso(one.submitted)} if one.submitted is not None else {})


def hooked(world: World, one: Review) -> dict[str, Any]:
    """As webhooks carry it: the state in small letters."""
    return review(world, one) | {
        "state": one.state.lower(),
        "body": one.body or None,
        "submitted_at": iso_or_none(one.submitted),
        "updated_at": iso_or_none(one.submitted),
    }
