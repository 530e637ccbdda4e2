"""Tables for the page about the server: variables of its environment, what the App asks GitHub for."""

from app.cli.documentation.tables import table
from app.model.registration import EVENTS, PERMISSIONS
from app.settings import VARIABLES


def variables_table() -> str:
    """One line a variable."""
    return table(
        ("variable", "default", "meaning"), ((f"`{each.name}`", each.default, each.meaning) for each in VARIABLES)
    )


def permissions_table() -> str:
    """One line a permission of the App."""
    return table(("permission", "access", "to …"), ((each.title, each.access, each.why) for each in PERMISSIONS))


def events_table() -> str:
    """One line an event that the App is told of."""
    return table(("event", "to …"), ((f"`{each.name}`", each.why) for each in EVENTS))
