"""Dockerfile and compose.yaml against the tree, the command and the settings. No engine builds or runs them here."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from app.cli.main import program
from app.settings import VARIABLES

ROOT = Path(__file__).parents[4]
LOCK = ROOT / "app/cli/serving/requirements.lock"
NAMES = {each.name for each in VARIABLES}
PROXIES = {"HTTPS_PROXY", "NO_PROXY"}


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile with its arguments on one line."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*#.*\n", "", (ROOT / "Dockerfile").read_text()))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in text.splitlines() if line]


def of(kind: str) -> list[str]:
    return [arguments for name, arguments in instructions() if name == kind]


def composed() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


def ours() -> dict[str, dict[str, Any]]:
    """The services that are selfmod."""
    return {name: service for name, service in composed()["services"].items() if service.get("image") == "selfmod"}


def versions(lock: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([\w.-]+)==(\S+)", lock.read_text()):
        found.setdefault(name, set()).add(version)
    return found


def test_what_is_copied_is_there_and_not_left_out_of_the_build() -> None:
    copied = [path for arguments in of("COPY") if "--from" not in arguments for path in shlex.split(arguments)[:-1]]
    assert copied
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for path in copied:
        assert (ROOT / path).exists(), path
        assert any(path == each or path.startswith(f"{each}/") for each in sent), f".dockerignore leaves out {path}"


def test_the_image_is_an_ordinary_user_s_with_what_the_sandbox_needs() -> None:
    assert of("USER") == ["10001:10001"]
    installed = " ".join(of("RUN"))
    assert "--require-hashes" in installed
    for tool in ("bubblewrap", "git"):
        assert re.search(rf"apt-get install [^&]*\b{tool}\b", installed)
    assert "/healthz" in of("HEALTHCHECK")[0]


def test_the_lock_of_the_image_is_a_part_of_the_lock() -> None:
    """`make lock` writes both. It has the libraries of the server and no tool of development."""
    part, whole = versions(LOCK), versions(ROOT / "requirements.lock")
    for name, found in part.items():
        assert found <= whole[name], name
    assert {"starlette", "dbos", "githubkit", "psycopg-binary", "hatchling"} <= part.keys()
    assert not {"mypy", "selenium", "hypothesis"} & part.keys()
    pinned = len(re.findall(r"(?m)^[\w.-]+==", LOCK.read_text()))
    assert pinned <= LOCK.read_text().count("--hash=sha256:")


def test_the_services() -> None:
    services = composed()["services"]
    commands = [service["command"][0] for service in ours().values()]
    assert sorted(commands) == ["serve", "worker", "worker"]
    assert services["database"]["image"].startswith("postgres:")
    for service in ours().values():
        assert service["depends_on"] == {"database": {"condition": "service_healthy"}}
        assert int(service["stop_grace_period"].removesuffix("s")) > 10
    assert all(port.startswith("127.0.0.1:") for port in services["server"]["ports"])


def command_lines() -> list[list[str]]:
    """What the containers run: of the image, and of each service."""
    image = yaml.safe_load(of("CMD")[0])
    return [image, *(service["command"] for service in ours().values())]


@pytest.mark.parametrize("line", command_lines(), ids=" ".join)
def test_every_command_is_one_of_selfmod(line: list[str]) -> None:
    """Parsed by the command itself, as far as it goes without running."""
    group: Any = get_command(program())
    verb = group.commands.get(line[0])
    assert verb is not None, f"there is no selfmod {line[0]}"
    verb.make_context(line[0], line[1:])


def test_every_variable_is_a_setting() -> None:
    used = {name for service in ours().values() for name in service["environment"]}
    used |= set(re.findall(r"SELFMOD_[A-Z_]+", " ".join(of("ENV"))))
    assert used - PROXIES <= NAMES
    assert {"SELFMOD_APP_ID", "SELFMOD_PRIVATE_KEY", "SELFMOD_WEBHOOK_SECRET", "SELFMOD_DATABASE_URL"} <= used
    text = (ROOT / "compose.yaml").read_text()
    assert set(re.findall(r"\$\{(SELFMOD_[A-Z_]+)", text)) <= NAMES | {"SELFMOD_DATABASE_PASSWORD"}


def test_every_setting_reaches_the_containers() -> None:
    """But those that name a place on this machine."""
    places = {"SELFMOD_PRIVATE_KEY_PATH", "SELFMOD_PYTHON"}
    for name, service in ours().items():
        assert set(service["environment"]) >= (NAMES - places) | PROXIES, name


def test_no_secret_is_written_down() -> None:
    """Each comes from the environment; the one that must be there has no default."""
    for service in composed()["services"].values():
        for name, value in service["environment"].items():
            if re.search(r"KEY|SECRET|TOKEN|PASSWORD", name):
                assert re.fullmatch(r"\$\{SELFMOD_[A-Z_]+:(?:-|\?[^}]+)\}", value), name
