"""What a protected branch says to a push over git's protocol, before git itself is asked.

Source: https://git-scm.com/docs/pack-protocol#_reference_update_request_and_packfile_transfer"""

from dataclasses import dataclass

from app.standin.git import GitFailed
from app.standin.state import Account, Repository, World


@dataclass(frozen=True)
class Push:
    """`updates` are (ref, old, new); `pack` is what comes with them."""

    updates: tuple[tuple[str, str, str], ...]
    capabilities: frozenset[str]
    pack: bytes


def read(body: bytes) -> Push | None:
    """The body of a `git-receive-pack` request; None where it is none that can be read."""
    at, updates, capabilities = 0, [], frozenset[str]()
    try:
        while (size := int(body[at : at + 4], 16)) >= 4:
            line, at = body[at + 4 : at + size], at + size
            told, _, more = line.partition(b"\0")
            if more:
                capabilities = frozenset(more.decode().split())
            old, new, ref = told.decode().rstrip("\n").split(" ", 2)
            updates.append((ref, old, new))
    except ValueError:
        return None
    return Push(tuple(updates), capabilities, body[at + 4 :])


def refusal(world: World, repository: Repository, by: Account, body: bytes) -> bytes | None:
    """The whole answer to a push that protection refuses, None where it may go on. One refused ref refuses all."""
    push = read(body)
    if push is None or not (repository.protection or repository.rulesets):
        return None
    if push.pack:
        try:  # whether a push goes forwards can only be said of commits that are there
            repository.git.run("index-pack", "--stdin", "--fix-thin", data=push.pack)
        except GitFailed:
            return None
    reasons = {
        ref: why for ref, old, new in push.updates if (why := world.refuses(world, repository, ref, old, new, by))
    }
    return _worded(push, reasons) if reasons else None


def _worded(push: Push, reasons: dict[str, str]) -> bytes:
    lines = [b"unpack ok\n"]
    for ref, _, _ in push.updates:
        lines.append(f"ng {ref} {'protected branch hook declined' if ref in reasons else 'not pushed'}\n".encode())
    report = b"".join(map(_packet, lines)) + b"0000"
    if "side-band-64k" not in push.capabilities:
        return report
    told = "".join(f"error: GH006: {why}\n" for why in reasons.values()).replace("\n\n", "\n")
    return _packet(b"\x02" + told.encode()[:60_000]) + _packet(b"\x01" + report) + b"0000"


def _packet(data: bytes) -> bytes:
    return f"{len(data) + 4:04x}".encode() + data
