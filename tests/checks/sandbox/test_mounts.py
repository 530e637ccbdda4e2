from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.sandbox import mounts
from checks.sandbox.port import MIB, Binding


def laid(*bindings: tuple[str, str], folder: str = "/project") -> list[str]:
    seen = [Binding(Path(host), inside) for host, inside in bindings]
    return list(mounts.layout(seen, mounts.shares(folder, 64 * MIB), [(9, "/etc/passwd")], Path("/ours")))


def test_the_shares_hold_no_more_than_the_disk():
    shares = mounts.shares("/project", 64 * MIB)
    assert sum(share.size for share in shares) == 64 * MIB
    assert [share.inside for share in shares] == ["/project", "/tmp", "/dev/shm"]


def test_every_parent_is_made_open_and_once():
    told = laid(("/host", "/opt/a/b/c"), folder="/home/ann/code")
    made = [told[place + 1] for place, word in enumerate(told) if word == "--dir"]
    assert {"/opt", "/opt/a", "/opt/a/b", "/home", "/home/ann", "/etc", "/etc/ssl", "/selfmod", "/var"} <= set(made)
    assert len(made) == len(set(made))
    assert all(told[place - 2 : place] == ["--perms", "0755"] for place, word in enumerate(told) if word == "--dir")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (["--proc", "/proc"], ["--ro-bind", "/proc/sys", "/proc/sys"]),
        (["--dev", "/dev"], ["--tmpfs", "/dev/shm"]),
        (["--tmpfs", "/project"], ["--ro-bind", "/env", "/project/.env"]),
        (["--ro-bind", "/whole", "/home/ann"], ["--ro-bind", "/part", "/home/ann/part"]),
        (["--ro-bind", "/usr", "/usr"], ["--ro-bind", "/mine", "/usr/lib/mine"]),
        (["--tmpfs", "/dev/shm"], ["--remount-ro", "/dev"]),
        (["--tmpfs", "/project"], ["--remount-ro", "/"]),
    ],
)
def test_what_lies_in_another_comes_after_it(first, then):
    told = laid(
        ("/part", "/home/ann/part"), ("/env", "/project/.env"), ("/whole", "/home/ann"), ("/mine", "/usr/lib/mine")
    )
    text = "\0".join(told)
    assert -1 < text.find("\0".join(first)) < text.find("\0".join(then))


def test_nothing_is_made_inside_of_what_is_bound():
    told = laid(("/whole", "/opt/whole"), ("/part", "/opt/whole/deep/er"))
    assert "/opt/whole/deep" not in told


def test_nothing_is_bound_so_that_it_can_be_written():
    assert not {"--bind", "--dev-bind", "--bind-try", "--bind-fd"} & set(laid(("/host", "/opt")))


def test_accounts_name_nobody_of_the_host():
    files = mounts.accounts(1234)
    assert files["/etc/passwd"].count(b"\n") == 2
    assert b"sandbox:x:1234:1234:" in files["/etc/passwd"]


@pytest.mark.parametrize("path", ["/dev", "/dev/null", "/proc", "/sys/x", "", "a", "//a", "/a/", "/a/./b", "/\0"])
def test_bindings_that_are_refused(path):
    with pytest.raises(Refusal):
        mounts.checked(path)


@pytest.mark.parametrize("path", ["/opt", "/root/.venv", "/usr/lib/x", "/selfmod/reporter", "/tmp/x", "/project/.venv"])
def test_bindings_that_are_not(path):
    assert mounts.checked(path) == path
