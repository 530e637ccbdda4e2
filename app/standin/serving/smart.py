"""git over HTTP: `/{owner}/{repo}.git/…` with the tokens of the API as passwords."""

import gzip
import re
from contextlib import nullcontext

from starlette.requests import Request
from starlette.responses import Response

from app.standin import auth, moves
from app.standin.auth import Caller, Unauthorised
from app.standin.serving import receiving
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
    with world.lock if writes else nullcontext():  # nobody else moves a branch while one is pushed
        before = repository.git.refs() if writes else {}
        if writes and request.method == "POST" and by is not None:
            declined = receiving.refusal(world, repository, by, body)
            if declined is not None:
                world.calls.append(Seen(request.method, request.url.path, request.url.query, 200, who.name))
                return Response(declined, 200, media_type="application/x-git-receive-pack-result")
        status, headers, data = repository.git.http(environ, body)
        world.calls.append(Seen(request.method, request.url.path, request.url.query, status, who.name))
        if writes and request.method == "POST" and by is not None:
            moves.moved(world, repository, before, by)
    response = Response(data, status)
    for key, value in headers:
        response.headers[key] = value
    return response


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
