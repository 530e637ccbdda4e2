"""git over HTTP, with a real git."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.standin.clients import Clock, Shop

Git = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def git(shop: Shop, tmp_path: Path) -> Git:
    """Runs git; `hub:` stands for the stand-in, with `secret` as the password."""

    def run(*arguments: str, secret: str = "", cwd: str = ".") -> subprocess.CompletedProcess[str]:
        base = shop.github.web_url.replace("http://", f"http://x-access-token:{secret}@" if secret else "http://")
        settings = {f"url.{base}/.insteadOf": "hub:", "user.name": "Ann", "user.email": "ann@example.com"}
        told = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path), "GIT_TERMINAL_PROMPT": "0"}
        return subprocess.run(
            ["git", *told, *arguments], cwd=tmp_path / cwd, capture_output=True, text=True, env=env, timeout=60
        )

    return run


def secret(shop: Shop, body: object = None) -> str:
    return str(shop.jwt.post(f"/app/installations/{shop.installation}/access_tokens", body)["token"])


def test_a_push_moves_the_pull_request(shop: Shop, git: Git, tmp_path: Path) -> None:
    token = shop.github.person("bob")
    assert git("clone", "-q", "hub:ann/shop.git", "w", secret=token).returncode == 0
    git("switch", "-qc", "topic", cwd="w")
    for text in ("x = 2\n", "x = 3\n"):
        (tmp_path / "w" / "shop.py").write_text(text)
        git("commit", "-qam", text.strip(), cwd="w")
        done = git("push", "-q", "origin", "topic", cwd="w", secret=token)
        assert done.returncode == 0, done.stderr
        if text == "x = 2\n":
            shop.bob.post("/repos/ann/shop/pulls", {"title": "T", "head": "topic", "base": "main"})
    pull = shop.bot.get("/repos/ann/shop/pulls/1")
    assert pull["head"]["sha"] == git("rev-parse", "HEAD", cwd="w").stdout.strip()
    assert [one.action for one in shop.github.emitted(shop.app, "pull_request")] == ["opened", "synchronize"]
    assert len(shop.github.emitted(shop.app, "push")) == 2
    (commit, _) = shop.bot.get("/repos/ann/shop/pulls/1/commits")
    assert commit["author"] is None  # no account has that address
    git("push", "-q", "origin", ":topic", cwd="w", secret=token)
    assert shop.bot.get("/repos/ann/shop/pulls/1")["state"] == "closed"


def test_any_commit_and_the_heads_of_pull_requests_can_be_fetched(shop: Shop, git: Git, tmp_path: Path) -> None:
    shop.github.person("eve")
    shop.github.fork("ann/shop", "eve")
    sha = shop.github.push("eve/shop", "idea", {"idea.py": "i = 1\n"}, by="eve")
    shop.github.open_pull("ann/shop", "eve:idea", by="eve")
    git("init", "-q", "w")
    for what in (sha, "refs/pull/1/head", "refs/pull/*/head:refs/remotes/pull/*"):
        done = git("fetch", "-q", "--depth=1", "hub:ann/shop.git", what, cwd="w", secret=secret(shop))
        assert done.returncode == 0, done.stderr
    assert git("show", f"{sha}:idea.py", cwd="w").stdout == "i = 1\n"


def test_private_repositories_are_closed_to_strangers(shop: Shop, git: Git) -> None:
    shop.github.repository("ann/vault", {"a": "a"}, private=True)
    shop.github.install(shop.app, ["ann/vault"])
    eve = shop.github.person("eve")
    only_shop = secret(shop, {"repositories": ["shop"]})
    no_contents = secret(shop, {"permissions": {"issues": "read"}})
    for number, password in enumerate(("", "wrong", eve, only_shop, no_contents)):
        assert git("clone", "-q", "hub:ann/vault.git", f"no{number}", secret=password).returncode != 0
    assert git("clone", "-q", "hub:ann/vault.git", "yes", secret=secret(shop)).returncode == 0
    assert git("ls-remote", "hub:ann/shop.git").returncode == 0
    assert git("ls-remote", "hub:ann/nothing.git", secret=eve).returncode != 0


def test_who_may_only_read_does_not_push(shop: Shop, git: Git, tmp_path: Path) -> None:
    reading = secret(shop, {"permissions": {"contents": "read"}})
    git("clone", "-q", "hub:ann/shop.git", "w", secret=reading)
    for password in ("", reading, shop.github.person("eve")):
        assert git("push", "-q", "origin", "HEAD:new", cwd="w", secret=password).returncode != 0
    assert "refs/heads/new" not in shop.github.world.repositories["ann/shop"].git.refs()
    assert git("push", "-q", "origin", "HEAD:new", cwd="w", secret=secret(shop)).returncode == 0
    assert git("push", "-q", "origin", "HEAD:refs/pull/9/head", cwd="w", secret=secret(shop)).returncode != 0


def test_an_expired_token_ends_the_access(shop: Shop, git: Git, clock: Clock) -> None:
    shop.github.repository("ann/vault", {"a": "a"}, private=True)
    shop.github.install(shop.app, ["ann/vault"])
    token = secret(shop, {"permissions": {"contents": "read"}})
    assert git("ls-remote", "hub:ann/vault.git", secret=token).returncode == 0
    clock.now += 3601
    assert git("ls-remote", "hub:ann/vault.git", secret=token).returncode != 0
