"""Local copies: exact commits with their history, a token that is nowhere, nothing followed elsewhere."""

import os
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.github import mirror
from app.model.call import Call
from app.model.trouble import Gone, Unavailable
from checks.model.errors import Refusal
from checks.repository import git
from tests.app.github.authority import authority
from tests.app.github.conftest import REPOSITORY, Asked, Given, Scripted, World

type Make = Callable[[Callable[[Asked], Given | None]], Scripted]
COMMIT = "1" * 40
TOKEN = "ghs_" + "s3cret" * 90


def source(folder: Path, url: str = "https://github.invalid/acme/shop.git", size: int = 0) -> mirror.Source:
    return mirror.Source(url, folder, REPOSITORY, lambda fresh: TOKEN, size)


def everything(folder: Path) -> bytes:
    """All that lies in a folder, names too."""
    found = list(folder.rglob("*"))
    return b"\n".join(os.fsencode(each) + (each.read_bytes() if each.is_file() else b"") for each in found)


def test_commits_come_with_their_history_and_nothing_is_checked_out(world: World) -> None:
    base = world.base
    head = world.github.push(REPOSITORY, "topic", {"shop.py": "x = 2\n"}, by="bob")
    root = world.host.local(base, head)
    assert git.output(root, "rev-list", head).decode().split() == [head, base]
    assert git.output(root, "show", f"{head}:shop.py") == b"x = 2\n"
    assert [each.name for each in root.iterdir()] == [".git"]
    assert b"ghs_" not in everything(world.settings.data_dir)
    fetches = [each for each in world.calls if each.target == "git fetch"]
    assert [(each.outcome, each.repository) for each in fetches] == [("ok", REPOSITORY)]


def test_what_is_there_is_not_fetched_again(world: World) -> None:
    base = world.base
    world.host.local(base)
    before = len(world.github.calls)
    host = world.host
    host.local(base)
    assert [each.path for each in world.github.calls[before:]] == [f"/repos/{REPOSITORY}"]


def test_heads_of_forks_are_fetched_from_the_repository(world: World) -> None:
    world.github.fork(REPOSITORY, "mallory")
    head = world.github.push("mallory/shop", "evil", {"shop.py": "x = 3\n"}, by="mallory")
    world.github.open_pull(REPOSITORY, "mallory:evil", by="mallory")
    root = world.host.local(head)
    assert git.output(root, "show", f"{head}:shop.py") == b"x = 3\n"


def test_a_commit_that_was_pushed_away_is_still_there_and_kept(world: World) -> None:
    base = world.base
    old = world.github.push(REPOSITORY, "topic", {"shop.py": "x = 2\n"}, by="bob")
    world.host.local(old)
    world.github.push(REPOSITORY, "topic", {"shop.py": "x = 3\n"}, by="bob", parent=base, force=True)
    root = world.host.local(old, base)
    git.output(root, "gc", "--quiet", "--prune=now")
    assert git.output(root, "cat-file", "-t", old).strip() == b"commit"


@pytest.mark.parametrize("commit", [COMMIT, "0" * 40, "main", "--upload-pack=touch", "", "A" * 40])
def test_a_commit_that_is_not_there_is_gone(world: World, commit: str) -> None:
    with pytest.raises(Gone):
        world.host.local(commit)


def test_a_repository_that_is_not_there_is_gone(world: World, tmp_path: Path) -> None:
    token = world.app.tokens.token(world.installation, REPOSITORY, "contents")
    url = f"{world.github.web_url}/acme/none.git"
    with pytest.raises(Gone):
        mirror.local(mirror.Source(url, tmp_path / "r", "acme/none", lambda fresh: token), [COMMIT])


def test_a_token_that_is_not_accepted_is_asked_for_anew_once_and_refused(world: World, tmp_path: Path) -> None:
    asked: list[bool] = []
    url = f"{world.github.web_url}/{REPOSITORY}.git"

    def token(fresh: bool) -> str:
        asked.append(fresh)
        return TOKEN

    wrong = mirror.Source(url, tmp_path / "r", REPOSITORY, token)
    with pytest.raises(Refusal, match="may read") as raised:
        mirror.local(wrong, [COMMIT])
    assert asked == [False, True]
    assert TOKEN not in str(raised.value)


def test_several_at_once_fetch_one_after_the_other(world: World) -> None:
    heads = [world.github.push(REPOSITORY, f"topic{n}", {"shop.py": f"x = {n}\n"}, by="bob") for n in range(4)]
    roots: list[Path] = []
    threads = [threading.Thread(target=lambda head=head: roots.append(world.host.local(head))) for head in heads]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(set(roots)) == 1 and len(roots) == 4
    for head in heads:
        assert git.output(roots[0], "cat-file", "-t", head).strip() == b"commit"


def test_a_token_that_ended_is_renewed(world: World) -> None:
    base = world.base
    world.app.tokens.token(world.installation, REPOSITORY, "contents")
    world.github.faults.add("GET", r"\.git/info/refs", "expire_token")
    assert world.host.local(base).is_dir()


def test_a_server_that_fails_is_unavailable_and_the_token_stays_untold(scripted: Make, tmp_path: Path) -> None:
    server = scripted(lambda asked: Given(502, b"bad"))
    calls: list[Call] = []
    with pytest.raises(Unavailable) as raised:
        mirror.local(source(tmp_path / "r", f"{server.url}/acme/shop.git"), [COMMIT], calls.append)
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    assert TOKEN not in str(raised.value)
    assert mirror._basic(TOKEN) not in str(raised.value)
    assert [each.outcome for each in calls] == ["failed"]
    assert TOKEN.encode() not in everything(tmp_path)
    assert mirror._basic(TOKEN).encode() not in everything(tmp_path)


def test_no_redirect_is_followed(scripted: Make, tmp_path: Path) -> None:
    other = scripted(lambda asked: Given(200, b""))
    server = scripted(lambda asked: Given(302, b"", {"location": f"{other.url}{asked.path}"}))
    with pytest.raises((Refusal, Unavailable, Gone)):
        mirror.local(source(tmp_path / "r", f"{server.url}/acme/shop.git"), [COMMIT])
    assert other.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://github.acme.example/a/b.git",
        "ext::sh -c touch% /tmp/x",
        "file:///etc",
        "/etc",
        "ssh://host/x",
        "git@github.com:a/b.git",
        "git://127.0.0.1/a",
    ],
)
def test_only_https_is_spoken_to_other_machines(tmp_path: Path, url: str) -> None:
    with pytest.raises(Refusal):
        mirror.local(source(tmp_path / "r", url), [COMMIT])


def test_what_git_gets_from_the_environment() -> None:
    given = {"HTTPS_PROXY": "http://proxy:1", "SSL_CERT_FILE": "/ca.pem", "GIT_SSH_COMMAND": "evil", "HOME": "/root"}
    variables = mirror.environment("https://github.com/a/b.git", TOKEN, given)
    assert variables["HTTPS_PROXY"] == "http://proxy:1"
    assert variables["GIT_SSL_CAINFO"] == "/ca.pem"
    assert variables["GIT_ALLOW_PROTOCOL"] == "https"
    assert not {"GIT_SSH_COMMAND", "HOME"} & set(variables)
    keys = [value for name, value in variables.items() if name.startswith("GIT_CONFIG_KEY_")]
    assert "http.https://github.com/.extraHeader" in keys  # for this host only
    values = [name for name, value in variables.items() if mirror._basic(TOKEN) in value]
    assert len(values) == 1
    assert not any(TOKEN in value for value in variables.values())


def test_a_repository_that_is_too_large_is_refused_before_it_is_fetched(world: World, tmp_path: Path) -> None:
    url = f"{world.github.web_url}/{REPOSITORY}.git"
    with pytest.raises(Refusal, match="GiB"):
        mirror.local(source(tmp_path / "r", url, mirror.LARGEST + 1), [world.base])


def test_a_pack_that_is_too_large_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = {f"{n}.bin": os.urandom(400_000).hex() for n in range(3)}
    head = world.github.push(REPOSITORY, "big", noise, by="bob")
    monkeypatch.setattr(mirror, "LARGEST", 1024 * 1024)
    with pytest.raises(Refusal, match="is larger than"):
        world.host.local(head)


def test_a_fetch_leaves_the_disk_some_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The size that GitHub tells is without what forks push."""
    noise = {f"{n}.bin": os.urandom(400_000).hex() for n in range(3)}
    head = world.github.push(REPOSITORY, "big", noise, by="bob")
    free = mirror.SPARE + 1024 * 1024
    monkeypatch.setattr("shutil.disk_usage", lambda place: type("Usage", (), {"free": free})())
    with pytest.raises(Refusal, match="the disk is full"):
        world.host.local(head)


def test_no_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda place: type("Usage", (), {"free": 1024})())
    with pytest.raises(Refusal, match="no room"):
        mirror.local(source(tmp_path / "r"), [COMMIT])


def test_old_names_are_let_go_and_packs_made_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror, "KEPT", 4)
    monkeypatch.setattr(mirror, "PACKS", 3)
    host = world.host
    heads, root = [], Path()
    for number in range(7):
        heads.append(world.github.push(REPOSITORY, f"b{number}", {"shop.py": f"y = {number}\n"}, by="bob"))
        root = host.local(heads[-1])
    packs = list((root / ".git" / "objects" / "pack").glob("*.pack"))
    assert len(packs) <= 4
    names = git.output(root, "for-each-ref", "--format=%(objectname)", "refs/selfmod").decode().split()
    assert heads[-1] in names and len(names) <= 5
    assert host.local(*heads) == root  # fetched again where needed


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com", "github.com-7"),
        ("https://GHE.acme.example:8443/", "ghe.acme.example-8443-7"),
        ("http://[::1]:99", "__1-99-7"),
        ("https://..", "-7"),
    ],
)
def test_the_folder_is_named_by_host_and_number(tmp_path: Path, url: str, name: str) -> None:
    assert mirror.place(tmp_path, url, 7) == tmp_path / "repositories" / name


def test_a_hook_and_a_configuration_that_were_planted_do_nothing(world: World, tmp_path: Path) -> None:
    root = world.host.local(world.base)
    (root / ".git" / "hooks").mkdir(exist_ok=True)
    hook = root / ".git" / "hooks" / "reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    config = f'[core]\n\tsshCommand = touch {tmp_path}/ran\n[credential]\n\thelper = "!touch {tmp_path}/ran"\n'
    (root / ".git" / "config").open("a").write(config)
    head = world.github.push(REPOSITORY, "topic", {"shop.py": "x = 9\n"}, by="bob")
    world.host.local(head)
    assert not (tmp_path / "ran").exists()


def test_the_token_is_in_no_argument_list(scripted: Make, tmp_path: Path) -> None:
    """Looked at from outside while git waits for an answer."""
    lines: list[bytes] = []

    def answer(asked: Asked) -> Given:
        lines.extend(each.read_bytes() for each in Path("/proc").glob("[0-9]*/cmdline") if _readable(each))
        return Given(404, b"")

    server = scripted(answer)
    with pytest.raises(Gone):
        mirror.local(source(tmp_path / "r", f"{server.url}/acme/shop.git"), [COMMIT])
    assert any(b"/acme/shop.git" in each for each in lines)
    assert not any(TOKEN.encode() in each or mirror._basic(TOKEN).encode() in each for each in lines)


def _readable(place: Path) -> bool:
    try:
        place.read_bytes()
    except OSError:
        return False
    return True


def test_what_a_killed_fetch_left_is_removed(world: World) -> None:
    root = world.host.local(world.base)
    head = world.github.push(REPOSITORY, "topic", {"shop.py": "x = 9\n"}, by="bob")
    lock = root / ".git" / "refs" / "selfmod" / "commits" / f"{head}.lock"
    pack = root / ".git" / "objects" / "pack" / "tmp_pack_abc"
    for each in (lock, pack):
        each.write_text("")
    with pytest.raises(Unavailable):  # it may be a living process's
        world.host.local(head)
    os.utime(lock, (1, 1))
    os.utime(pack, (1, 1))
    world.host.local(head)
    assert not lock.exists() and not pack.exists()


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_private_authority_holds_for_git_too(
    scripted: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    certificate, key = authority(tmp_path)
    server = scripted(lambda asked: Given(404, b""))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    server.server.socket = tls.wrap_socket(server.server.socket, server_side=True)
    wanted = source(tmp_path / "r", f"{server.url.replace('http:', 'https:')}/acme/shop.git")
    for each in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(each, raising=False)
    with pytest.raises(Unavailable):
        mirror.local(wanted, [COMMIT])
    assert server.asked == []
    monkeypatch.setenv(variable, str(certificate))
    with pytest.raises(Gone):
        mirror.local(wanted, [COMMIT])
    assert server.asked[0].headers["authorization"].startswith("Basic ")
