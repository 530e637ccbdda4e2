"""The world set up from Python, served over HTTP, cloned with git."""

import subprocess
from pathlib import Path

import httpx
import pytest

from app.standin.server import StandIn


@pytest.fixture
def github(tmp_path: Path):
    with StandIn(tmp_path / "github") as started:
        yield started


def test_a_repository_is_seen_cloned_and_pushed_to(github: StandIn, tmp_path: Path) -> None:
    token = github.person("ann")
    github.repository("ann/shop", {"shop.py": "x = 1\n"}, private=True)
    address = f"{github.url}/repos/ann/shop"
    assert httpx.get(address).status_code == 404
    answer = httpx.get(address, headers={"authorization": f"Bearer {token}"})
    assert answer.json()["full_name"] == "ann/shop"
    assert answer.json()["permissions"]["admin"] is True

    def git(*arguments: str, cwd: Path = tmp_path, secret: str = token) -> subprocess.CompletedProcess[str]:
        address = github.web_url.replace("http://", f"http://x-access-token:{secret}@")
        told = ["git", "-c", f"url.{address}/.insteadOf=https://hub/", "-c", "user.name=Ann", *arguments]
        told[3:3] = ["-c", "user.email=ann@example.com"]
        return subprocess.run(
            told,
            cwd=cwd,
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_TERMINAL_PROMPT": "0"},
        )

    assert git("clone", "https://hub/ann/shop.git", "wrong", secret="nothing").returncode != 0
    done = git("clone", "https://hub/ann/shop.git", "clone")
    assert done.returncode == 0, done.stderr
    (tmp_path / "clone" / "shop.py").write_text("x = 2\n")
    git("commit", "-qam", "Two", cwd=tmp_path / "clone")
    done = git("push", "-q", "origin", "HEAD:topic", cwd=tmp_path / "clone")
    assert done.returncode == 0, done.stderr
    assert github.file("ann/shop", "topic", "shop.py") == b"x = 2\n"
    assert not github.unknown
