"""git over HTTP: `/{owner}/{repo}.git/…` with the tokens of the API as passwords."""

import gzip
import re

from starlette.requests import Request
from starlette.responses import Response

from app.standin import auth, moves
from app.standin.auth import Caller, Unauthorised
from app.standin.git import ZERO
from app.standin.state import ROLES, Account, Repository, Seen, World

_PATH = re.compile(r"/([^/]+)/([^/]+?)(?:\.git)?(/info/refs|/git-upload-pack|/git-receive-pack)")
_ASK = {"WWW-Authenticate": 'Basic realm="GitHub"'}


def answer(world: World, request: Request, body: bytes) -> Response | None:
    """None where this is no request of git."""
    match = _PATH.fullmatch(request.url.path)
    if not match:
        return None
    owner, name, rest = match.groups()
    service = request.query_params.get("service", "") if rest == "/info/refs" else rest.removeprefix("/")
    writes = service == "git-receive-pack"
    with world.lock:
        repository = world.repository(f"{owner}/{name}")
        who, by, refused = Caller(), None, None
        try:
            who = auth.caller(world, request.headers.get("authorization", ""))
        except Unauthorised:
            refused = Response("Invalid username or token.\n", 401, _ASK)
        else:
            refused, by = _admitted(world, repository, who, writes)
        if repository is None or refused is not None:
            refused = Response("Repository not found.\n", 404) if refused is None else refused
            world.calls.append(Seen(request.method, request.url.path, request.url.query, refused.status_code, who.name))
            return refused
    if request.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    environ = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": rest,
        "QUERY_STRING": request.url.query,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        "REMOTE_USER": who.name,
        "REMOTE_ADDR": "127.0.0.1",
    }
    if writes and request.method == "POST":
        status, headers, data = _receive(world, repository, environ, body, by or repository.owner)
    else:
        status, headers, data = repository.git.http(environ, body)
    world.calls.append(Seen(request.method, request.url.path, request.url.query, status, who.name))
    response = Response(data, status)
    for key, value in headers:
        response.headers[key] = value
    return response


def _receive(
    world: World, repository: Repository, environ: dict[str, str], body: bytes, by: Account
) -> tuple[int, list[tuple[str, str]], bytes]:
    """A push. What the rules refuse is taken back, and git is told so for each ref. Nobody else moves a branch
    meanwhile."""
    with world.lock:
        git, before = repository.git, repository.git.refs()
        status, headers, data = git.http(environ, body)
        after = git.refs()
        refused = {}
        for ref in sorted(before.keys() | after.keys()):
            old, new = before.get(ref, ZERO), after.get(ref, ZERO)
            if old != new and (why := world.refuses(world, repository, ref, old, new, by)):
                refused[ref] = why
                if old == ZERO:
                    git.delete_ref(ref)
                else:
                    git.set_ref(ref, old)
        if refused:
            data = _report(body, refused)
        moves.moved(world, repository, before, by)
    return status, headers, data


def _line(text: bytes) -> bytes:
    """One line of git's protocol: its length in four hexadecimal digits before it."""
    return b"%04x%b" % (len(text) + 4, text)


def _report(body: bytes, refused: dict[str, str]) -> bytes:
    """What receive-pack answers: `ok` or `ng` for each ref of the commands in a push's body, in the side band if the
    caller takes one."""
    at, refs, able = 0, [], b""
    while at + 4 <= len(body) and (size := int(body[at : at + 4], 16)) > 4:
        command, _, words = body[at + 4 : at + size].partition(b"\0")
        able = able or words
        refs.append(command.decode().split()[2])
        at += size
    lines = [f"ng {ref} {' '.join(refused[ref].split())[:200]}\n" if ref in refused else f"ok {ref}\n" for ref in refs]
    report = _line(b"unpack ok\n") + b"".join(_line(line.encode()) for line in lines) + b"0000"
    return _line(b"\x01" + report) + b"0000" if b"side-band-64k" in able else report


def _admitted(
    world: World, repository: Repository | None, who: Caller, writes: bool
) -> tuple[Response | None, Account | None]:
    """A refusal, or None and who it is."""
    anonymous = who.account is None
    if repository is None:
        return (Response("", 401, _ASK) if anonymous else Response("Repository not found.\n", 404)), None
    if who.kind == "installation":
        may_read, may_write = who.has("contents", "read"), who.has("contents", "write")
        reach = who.reaches(repository)
        allowed = reach and (may_write if writes else may_read)
        known = reach or not repository.private
    else:
        role = world.role(repository, who.account.login if who.account else "")
        allowed = ROLES.index(role) >= ROLES.index("write" if writes else "read") and not (writes and anonymous)
        known = role != "none"
    if allowed:
        return None, who.account
    if anonymous:
        return Response("", 401, _ASK), None
    if not known:
        return Response("Repository not found.\n", 404), None
    return Response(f"{'Write' if writes else 'Read'} access to repository not granted.\n", 403), None
