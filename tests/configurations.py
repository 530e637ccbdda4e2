"""What a person is told of a configuration, for the tests of its sections."""

from checks import settings


def told(text: str) -> list[str]:
    """Every fault of a configuration as `line: reason`."""
    return [f"{fault.line}: {fault.reason}" for fault in settings.inspect(text.encode()).faults]


def only(text: str) -> str:
    """The one fault of a configuration that has one."""
    (fault,) = told(text)
    return fault


def good(text: str) -> settings.Settings:
    """The settings of a configuration that is valid."""
    return settings.read(text.encode())
