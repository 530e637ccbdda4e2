"""The HTTP side: finds the route, checks who calls and what they may, runs the handler, words the answer."""

import asyncio
import hashlib
import json
import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.standin import auth
from app.standin.auth import Caller, Unauthorised
from app.standin.faults import Fault, Faults
from app.standin.hooks import Hooks
from app.standin.pages import answering as pages
from app.standin.routing import Answer, Call, Problem, Route
from app.standin.serving import smart
from app.standin.serving.access import permitted
from app.standin.state import ROLES, Repository, Seen, World

_log = logging.getLogger("app.standin")
MOST_BODY = 100 << 20
PREFIXES = ("/api/v3", "/api")
"""Where an Enterprise server has its API; the same routes answer there."""


@dataclass(eq=False)
class Application:
    """The ASGI application."""

    world: World
    routes: tuple[Route, ...]
    faults: Faults
    hooks: Hooks
    _stopping: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    def release(self) -> None:
        """What hangs on purpose lets go; called from any thread when the server ends."""
        if self._loop and self._stopping and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        body = await request.body()
        path = scope["path"]
        fault = self.faults.strike(request.method, path)
        if fault and fault.kind == "timeout":
            await self._hang(receive)
            await self._break(send)
        elif fault and fault.kind == "disconnect":
            await self._break(send)
        else:
            response = await run_in_threadpool(self._answer, request, path, body, fault)
            if fault and fault.kind == "timeout_after_work":
                await self._hang(receive)
                await self._break(send)
            elif fault and fault.kind == "disconnect_after_work":
                await self._break(send)
            else:
                await response(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        while True:
            kind = (await receive())["type"]
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return

    async def _hang(self, receive: Receive) -> None:
        """No answer until the caller gives up or the server stops."""

        async def left() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        async def stopped() -> None:
            if self._stopping:
                await self._stopping.wait()

        waits = (asyncio.ensure_future(left()), asyncio.ensure_future(stopped()))
        _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()

    async def _break(self, send: Send) -> None:
        """Promises a body and ends the connection within it: uvicorn closes what is left incomplete."""
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})

    # ── everything below runs in a thread ──

    def _answer(self, request: Request, path: str, body: bytes, fault: Fault | None) -> Response:
        if fault and fault.kind == "before" and fault.do:
            fault.do()
        made = _refused(fault, self.world, request) if fault else None
        if made is None:
            try:
                made = smart.answer(self.world, request, body) or self._api(request, path, body)
            except Exception as bug:  # whatever it is, it must not pass for an answer of GitHub's
                self._unknown(f"{request.method} {path}: {bug!r}")
                _log.exception("a bug of the stand-in")
                made = _plain(Answer({"message": "Server Error"}, 500, {"X-Stand-In-Unknown": type(bug).__name__}))
                self._seen(request, path, 500, Caller(), None)
            if fault and fault.kind == "5xx_after_work":
                made = _plain(Answer({"message": "Server Error"}, 502))
            if fault and fault.kind == "after" and fault.do:
                fault.do()
        else:
            self._seen(request, path, made.status_code, Caller(), None)
        return made

    def _api(self, request: Request, path: str, body: bytes) -> Response:
        path = next((path.removeprefix(p) for p in PREFIXES if path.startswith(p + "/")), path)
        who, sent = Caller(), None
        with self.world.lock:
            try:
                who = auth.caller(self.world, request.headers.get("authorization", ""))
                sent = _read(request, body)
                answer = self._run(request, path, who, sent)
            except Unauthorised as refused:
                message = {
                    "message": str(refused),
                    "documentation_url": "https://docs.github.com/rest",
                    "status": "401",
                }
                answer = Answer(message, 401)
            except Problem as problem:
                answer = Answer(problem.body, problem.status, problem.headers)
            self._seen(request, path, answer.status, who, sent)
        return _plain(answer, request, who)

    def _run(self, request: Request, path: str, who: Caller, sent: Any) -> Answer:
        found = self._find(request.method, path)
        if path == "/" and "text/html" in request.headers.get("accept", ""):
            found = None  # GitHub has its pages and its API on two hosts
        query = dict(parse_qsl(request.url.query, keep_blank_values=True))
        if found is None:
            page = pages.answer(self.world, request.method, path)
            if page is not None:
                return page
            self._unknown(f"{request.method} {path}")
            told = {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}
            return Answer(told, 404, {"X-Stand-In-Unknown": quote(f"{request.method} {path}", safe=" /")})
        route, params = found
        repository = self._repository(who, params)
        permitted(self.world, route, who, repository)
        if route.body is not None and isinstance(sent, dict):
            unknown = sorted(set(sent) - set(route.body))
            if unknown:
                self._unknown(f"{request.method} {path}: field {', '.join(unknown)}")
                text = ", ".join(f'"{name}" is not a permitted key.' for name in unknown)
                raise Problem(
                    422,
                    f"Invalid request.\n\n{text}",
                    headers={"X-Stand-In-Unknown": quote(", ".join(unknown), safe=" ,")},
                )
        headers = {name.casefold(): value for name, value in request.headers.items()}
        call = Call(
            self.world, who, request.method, path, params, query, {} if sent is None else sent, headers, repository
        )
        wanted = ", ".join(f"{resource}={level}" for resource, level in route.wanted)
        answer = route.run(call)
        if wanted:
            answer.headers.setdefault("X-Accepted-GitHub-Permissions", wanted)
        return answer

    def _find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        for route in self.routes:
            match = route.pattern.fullmatch(path) if route.method == method else None
            if match:
                return route, match.groupdict()
        return None

    def _repository(self, who: Caller, params: dict[str, str]) -> Repository | None:
        """Of `{owner}/{repo}`: 404 where there is none, or where the caller may not know of it."""
        if "owner" not in params or "repo" not in params:
            return None
        found = self.world.repository(f"{params['owner']}/{params['repo']}")
        if found is None or not visible(self.world, found, who):
            raise Problem(404, "Not Found")
        return found

    def _unknown(self, what: str) -> None:
        self.world.unknown.append(what)
        _log.error("the stand-in does not know %s", what)

    def _seen(self, request: Request, path: str, status: int, who: Caller, sent: Any) -> None:
        self.world.calls.append(Seen(request.method, path, request.url.query, status, who.name, sent))


def visible(world: World, repository: Repository, who: Caller) -> bool:
    """Whether the caller may know that the repository is there."""
    if not repository.private:
        return True
    if who.kind == "installation":
        return who.reaches(repository)
    if who.kind == "app":
        return any(i.app is who.jwt_app for i in world.installed(repository))
    return who.account is not None and ROLES.index(world.role(repository, who.account.login)) > 0


def _read(request: Request, body: bytes) -> Any:
    """The body: JSON, or the fields of a page's form."""
    if not body:
        return None
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Problem(400, "Problems parsing JSON") from None


def _refused(fault: Fault, world: World, request: Request) -> Response | None:
    """The answer of a fault that does no work."""
    if fault.kind == "5xx":
        return _plain(Answer({"message": "Server Error"}, 502))
    if fault.kind in {"secondary_limit", "primary_limit"}:
        second = fault.kind == "secondary_limit"
        told = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        headers = {"Retry-After": str(fault.retry_after)}
        if not second:
            told = "API rate limit exceeded."
            headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(world.now()) + fault.retry_after)}
        return _plain(Answer({"message": told, "documentation_url": "https://docs.github.com/rest"}, 403, headers))
    if fault.kind == "expire_token":
        try:
            token = auth.caller(world, request.headers.get("authorization", "")).token
        except Unauthorised:
            token = None
        if token:
            token.expires = world.now()
        return _plain(Answer({"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"}, 401))
    return None


def _plain(answer: Answer, request: Request | None = None, who: Caller | None = None) -> Response:
    """The answer as bytes, with the headers that GitHub always sends."""
    body = answer.body
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {
        "X-GitHub-Media-Type": "github.v3; format=json",
        "X-GitHub-Request-Id": hashlib.sha256(data).hexdigest()[:24].upper(),
        "X-RateLimit-Limit": "5000",
        "X-RateLimit-Remaining": "4999",
        "X-RateLimit-Used": "1",
        "X-RateLimit-Reset": "4102444800",
        "X-RateLimit-Resource": "core",
        **answer.headers,
    }
    if request is not None and request.method == "GET" and answer.status == 200:
        tag = f'W/"{hashlib.sha256(data + (who.name if who else "").encode()).hexdigest()}"'
        headers |= {"ETag": tag, "Cache-Control": "private, max-age=60, s-maxage=60"}
        headers["Vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP"
        if request.headers.get("if-none-match") == tag:
            return Response(b"", 304, headers)
    kind = None if body is None else answer.content_type
    return Response(data, answer.status, headers, media_type=kind)
