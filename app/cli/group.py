"""What is common to all verbs: a near miss gets a suggestion, a refusal is one line and 2, Ctrl-C leaves nothing."""

import difflib
import signal
import sys
import traceback
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import typer
from typer.core import TyperGroup

from checks.debugging.cache import folder
from checks.model.errors import Refusal
from checks.reports.safe import for_terminal

INTERRUPTED = 130
"""The exit code of a program that Ctrl-C ended (128 and the number of the signal)."""
USAGE = 2


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    near = difflib.get_close_matches(word, list(known), 1, 0.55)
    return near[0] if near else None


def say(message: str) -> None:
    """One line on standard error, with what could confuse a terminal made visible, and without secrets."""
    from app.operations.redaction import redacted  # only what goes wrong needs it

    with suppress(OSError, ValueError):  # closed: nobody listens
        if sys.stderr is not None:
            print(for_terminal(redacted(message)), file=sys.stderr, flush=True)


def version() -> str:
    """The version that is installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("selfmod")
    except PackageNotFoundError:  # run from its sources
        return "0"


def end_cleanly() -> None:
    """From now on a request to end (SIGTERM, a closed terminal) lets the work remove what it has made, as Ctrl-C
    does."""

    def stop(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    for name in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) is signal.SIG_DFL:
            signal.signal(name, stop)


class Verbs(TyperGroup):
    """The group of all verbs."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As ever, but an unknown verb is answered with the nearest one."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            names = self.list_commands(ctx)
            near = nearest(args[0], names)
            hint = f"Did you mean '{ctx.command_path} {near}'?" if near else f"Commands: {', '.join(names)}."
            say(f"selfmod: there is no command {args[0]!r}.  {hint}")
            raise typer.Exit(USAGE)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Runs the verb; what a person must know of its end is one line."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            say(f"selfmod: {refusal}")
            raise typer.Exit(USAGE) from None
        except KeyboardInterrupt:
            say("selfmod: interrupted.")
            raise typer.Exit(INTERRUPTED) from None
        except typer.Exit:
            raise
        except Exception as error:
            # the parser's own ends: usage errors, help
            if any(kind.__module__.partition(".")[0] in ("click", "typer") for kind in type(error).__mro__):
                raise
            said = f"{type(error).__name__}: {error}".splitlines()[0]
            say(f"selfmod: this is a bug: {said}  Please report it with the text in {_kept(error)}")
            raise typer.Exit(USAGE) from None


def log_bug(stage: str, identifier: str, error: Exception) -> None:
    """Tells where the traceback of a stage that broke down is."""
    say(f"selfmod: stage {stage} broke down ({identifier}): a fault of selfmod's own; its text is in {_kept(error)}")


def _kept(error: BaseException) -> str:
    """The place where the traceback is."""
    from app.operations.redaction import redacted

    try:
        kept = folder()
        if kept is None:
            return "(it could not be kept: there is no home folder)"
        place = kept / "last-error.txt"
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.write_text(
            redacted("".join(traceback.format_exception(error))), encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        return "(it could not be written)"
    return str(place)
