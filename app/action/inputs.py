"""The inputs of action.yml, as the steps get them: variables that begin with `SELFMOD_`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from checks.model.errors import Refusal
from checks.model.findings import Severity

OWN = "selfmod/"
"""What the branch of the fixes begins with: it is written anew each time, so it must never be somebody's own."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs, checked. `path` is the folder of the repository; `python` runs the project's tests, None: what is
    found. `threshold` None is as configured. `token` is empty where nothing is to be answered."""

    path: Path
    python: Path | None
    threshold: Severity | None
    sandbox: bool
    fail: bool
    annotations: bool
    branch: str
    open: bool = True
    token: str = field(default="", repr=False, compare=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Inputs":
        """Raises Refusal for a value that is none of those allowed."""
        threshold = _given(environment, "threshold").lower()
        if threshold and threshold not in list(Severity):
            raise Refusal(f"the input threshold is {threshold!r:.60}.", f"One of: {', '.join(Severity)}.")
        workspace = Path(environment.get("GITHUB_WORKSPACE") or ".")
        return cls(
            path=_folder(workspace, _given(environment, "path") or "."),
            python=_python(_given(environment, "python"), workspace, environment),
            threshold=Severity(threshold) if threshold else None,
            sandbox=_switch(environment, "sandbox", ("on", "off")),
            fail=_switch(environment, "fail", ("true", "false")),
            annotations=_switch(environment, "annotations", ("true", "false")),
            branch=_branch(_given(environment, "branch") or f"{OWN}fixes"),
            open=_switch(environment, "open", ("true", "false")),
            token=_given(environment, "token"),
        )


def _given(environment: Mapping[str, str], name: str) -> str:
    return environment.get(f"SELFMOD_{name.upper()}", "").strip()


def _folder(workspace: Path, given: str) -> Path:
    parts = PurePosixPath(given)
    if parts.is_absolute() or ".." in parts.parts or not given.isprintable():
        raise Refusal(f"the input path is {given!r:.60}.", "Name a folder of the workspace, such as . or checkout.")
    return workspace / given


def _python(given: str, workspace: Path, environment: Mapping[str, str]) -> Path | None:
    """The input, else what actions/setup-python has set up where no virtual environment is active."""
    if not given.isprintable():
        raise Refusal(f"the input python is {given!r:.60}.", "Name an interpreter or a virtual environment.")
    if given:
        return workspace / given
    place = environment.get("pythonLocation")
    return Path(place) if place and not environment.get("VIRTUAL_ENV") else None


def _branch(given: str) -> str:
    """Whether git takes the rest of it as a name is seen where the branch is made."""
    if not given.startswith(OWN) or given == OWN or not given.isprintable():
        raise Refusal(
            f"the input branch is {given!r:.60}.",
            f"It begins with {OWN}: the branch is replaced each time, so it must be nobody's own.",
        )
    return given


def _switch(environment: Mapping[str, str], name: str, words: tuple[str, str]) -> bool:
    given = _given(environment, name).lower() or words[0]
    if given not in words:
        raise Refusal(f"the input {name} is {given!r:.60}.", f"One of: {', '.join(words)}.")
    return given == words[0]
