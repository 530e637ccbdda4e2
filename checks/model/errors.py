"""The one exception that is shown to a person."""


class Refusal(Exception):
    """An expected outcome that ends the work: one sentence with the place, one with the remedy.

    Anything else that is raised is a bug. The command line prints a refusal as
    `selfmod: <reason>  <hint>` and exits with 2; no traceback is ever shown for it.
    """

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.reason}  {self.hint}" if self.hint else self.reason
