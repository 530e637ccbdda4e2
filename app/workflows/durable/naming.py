"""A repository that is called something else is the same one: found out before anything is done for it.

A delivery tells GitHub's number of a repository and its name, and may be old: GitHub sends again what was lost as it
was. So a name that is not the one that is known is asked for at GitHub before what is kept moves there."""

from dataclasses import replace

from app.model.job import Job
from app.model.trouble import Gone
from app.store.connect import Store
from app.store.naming import known, moving
from app.workflows.host import Forge


def called(store: Store, forge: Forge, id: int, name: str, installation: int) -> str:
    """What the repository of this number is called now, with all that is kept of it under that name; empty where that
    cannot be told. `name` is what somebody says that it is called. Raises Unavailable."""
    before = known.name_of(store, id)
    if before == name:
        return name
    # also where nothing is known of it: what is told may be old, and what is kept by the name another one's
    now = _now(forge, id, name, installation) or (_now(forge, id, before, installation) if before else "")
    if now and now != before:
        moving.call(store, id, now)
    return now


def _now(forge: Forge, id: int, name: str, installation: int) -> str:
    """The present name of the repository that a name leads to, empty where that is another one or none."""
    try:
        found, now = forge.identity(name, installation)
    except Gone:
        return ""
    return now if found == id else ""


def named(store: Store, forge: Forge, job: Job) -> Job:
    """The job with the present name of its repository. Raises Gone where that cannot be told, and Unavailable."""
    if not job.repository_id or not job.repository:
        return job
    name = called(store, forge, job.repository_id, job.repository, job.installation)
    if not name:
        raise Gone(f"the repository that was called {job.repository}")
    return job if name == job.repository else replace(job, repository=name)


def elsewhere(store: Store, forge: Forge, job: Job) -> bool:
    """Whether a job for which something was not there is to be gone on with: its repository is called something else
    by now, which it is called here too from then on. No delivery may have told that yet, so GitHub's list of the
    installation's repositories is looked at where the name leads nowhere. Raises Unavailable."""
    id = job.repository_id
    if not id or not job.repository:
        return False
    names = dict.fromkeys((job.repository, known.name_of(store, id) or ""))
    now = next((found for name in names if name and (found := _now(forge, id, name, job.installation))), "")
    if not now and (listed := _listed(forge, id, job.installation)):
        now = _now(forge, id, listed, job.installation)  # one that leads nowhere would be gone on with for ever
    if not now or now == job.repository:
        return False
    moving.call(store, id, now)
    return True


def _listed(forge: Forge, id: int, installation: int) -> str:
    """The name of a repository of an installation, empty where it has none of this number."""
    try:
        return next((name for name, number in forge.repositories(installation) if number == id), "")
    except Gone:
        return ""
