"""placeholder"""


def demo() -> None:
    """Show it."""
