"""What this machine must have: a sandbox, and a database."""

import os
from collections.abc import Iterator

from app.cli.doctor.line import Line, failed, ok, warning
from app.settings import ServerSettings
from checks.model.errors import Refusal


def sandbox() -> Iterator[Line]:
    """Whether tests can be run here."""
    from checks.sandbox.choose import probed, strongest

    found = probed()
    chosen = strongest(found)
    if chosen is None:
        remedies = [one.remedy for each in found for one in each.abilities if one.remedy]
        yield failed(
            "sandbox", "tests cannot be run on this host", remedies[0] if remedies else "selfmod sandbox probe"
        )
    elif chosen.weaker:
        yield warning("sandbox", f"{chosen.name}, which is weaker: {chosen.weaker}", "selfmod sandbox probe")
    else:
        yield ok("sandbox", chosen.name)


def database(settings: ServerSettings) -> Iterator[Line]:
    """Whether the database can be used. One that is not there yet is not made: whoever asks may be another user than
    the server is."""
    from app.store.connect import connect

    if settings.database_url == f"sqlite:///{settings.data_dir / 'selfmod.db'}":
        place = settings.data_dir / "selfmod.db"
        if not place.exists():
            yield _to_be_made(settings)
            return
    try:
        store = connect(settings.database_url, settings.data_dir)
    except Refusal as refusal:
        yield failed("database", refusal.reason, refusal.hint)
        return
    kind = "PostgreSQL" if store.postgresql else "SQLite"
    store.close()
    yield ok("database", f"{kind} answers")


def _to_be_made(settings: ServerSettings) -> Line:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    if os.access(folder, os.W_OK | os.X_OK):
        return ok("database", f"SQLite; the first start makes it in {settings.data_dir}")
    return failed(
        "database", f"{settings.data_dir} cannot be made", "Set SELFMOD_DATA_DIR to a folder of the server's."
    )
