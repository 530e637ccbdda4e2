"""What the runner of GitHub Actions is told: outputs, the job's summary, log lines.

Format: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checks.model.errors import Refusal
from checks.reports.safe import for_terminal, for_workflow_command

SUMMARY = 1024 * 1024
"""Bytes that GitHub takes as the summary of a step."""


@dataclass(frozen=True, slots=True)
class Runner:
    """The files that the runner reads: None where the variable that names one is missing (outside of a workflow).
    `kept` is the folder for what lasts as long as the job, outside of the workspace."""

    outputs: Path | None
    summary: Path | None
    kept: Path = Path(tempfile.gettempdir())

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Runner":
        """As the runner's variables say."""
        named = [environment.get(name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")]
        outputs, summary = (Path(each) if each else None for each in named)
        return cls(outputs, summary, Path(environment.get("RUNNER_TEMP") or tempfile.gettempdir()))

    def set(self, outputs: Mapping[str, str]) -> None:
        """Sets outputs of the step. A random delimiter: a value cannot end itself and set another. Raises Refusal."""
        text = ""
        for name, value in outputs.items():
            end = f"selfmod-{secrets.token_hex(16)}"
            text += f"{name}<<{end}\n{value}\n{end}\n"
        _append(self.outputs, text)

    def summarise(self, markdown: str) -> None:
        """Adds to the job's summary, cut to what GitHub takes. Raises Refusal."""
        content = markdown.encode()
        if len(content) > SUMMARY:
            markdown = content[: SUMMARY - 200].decode(errors="ignore") + "\n\nThe rest is too long for a summary.\n"
        _append(self.summary, markdown)

    def keep(self, files: Mapping[str, str]) -> dict[str, str]:
        """Writes files, by name, in a new folder that is the caller's alone; their paths. Raises Refusal."""
        try:
            folder = Path(tempfile.mkdtemp(prefix="selfmod-", dir=self.kept))
            for name, content in files.items():
                (folder / name).write_text(content, encoding="utf-8", errors="backslashreplace")
        except OSError as fault:
            raise Refusal(
                f"{self.kept} cannot be written: {fault.strerror}.", "It is a folder of the runner's own."
            ) from None
        return {name: os.fspath(folder / name) for name in files}


def error(message: str) -> str:
    """The workflow command that shows an error on the run."""
    return f"::error title=selfmod::{for_workflow_command(message)}"


def plain(message: str) -> str:
    """A line of the log that no runner obeys."""
    return for_terminal(message)


def say(text: str) -> None:
    """Lines of the log, which are to be harmless already."""
    print(text, flush=True)


def _append(place: Path | None, text: str) -> None:
    if place is None:
        return
    try:
        with place.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as fault:
        raise Refusal(f"{place} cannot be written: {fault.strerror}.", "It is a file of the runner's own.") from None
