"""What a delivery says of its repository's name is settled before it asks for anything."""

from collections.abc import Callable
from dataclasses import replace

from app.model.delivery import Delivery
from app.model.job import Job
from app.webhooks.reading import Fields
from app.webhooks.triggers import jobs

type Called = Callable[[int, str, int], str]
"""The present name of a repository by its number, the name that a delivery has and the installation; empty where that
cannot be told."""


def jobs_named(delivery: Delivery, app_id: int, called: Called) -> tuple[Job, ...]:
    """All that this delivery asks for, under the name that its repository has now; nothing where it has none that can
    be told. Raises what `called` raises."""
    seen = Fields(delivery)
    try:
        id, name, installation = seen.number("repository", "id"), seen.repository(), seen.installation()
    except ValueError:  # of no repository, or of none of an installation
        return jobs(delivery, app_id)
    now = called(id, name, installation)
    return tuple(replace(each, repository=now, repository_id=id) for each in jobs(delivery, app_id)) if now else ()
