"""Calls to GitHub's API: one client for all threads, with what is waited for, told and raised.

githubkit builds the requests, finds errors and makes the App's JSON Web Tokens; its typed answers are not used, because
its parser refuses some that servers give rightly. Bodies are plain JSON, read tolerantly in `app.github.values`.
"""

import os
import re
import ssl
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from githubkit import GitHub, UnauthAuthStrategy
from githubkit.cache import MemCacheStrategy
from githubkit.exception import GitHubException, RequestError, RequestFailed
from githubkit.throttling import LocalThrottler

from app.github.faults import Rejected, of_graphql, raised
from app.model.call import Call
from app.model.trouble import Doubtful, Gone, Unavailable
from checks.model.errors import Refusal

PAGE = 100
"""Entries of a page: the most that GitHub gives."""
SHORT = 10.0
"""Seconds that a call waits by itself; longer waits are for the job's own retry."""
VERSION = "2022-11-28"
"""Of the API: the one that Enterprise servers know too, and that has all that is read here."""
AT_ONCE = 20
"""Requests at the same time; GitHub allows a hundred and asks for fewer."""
_PAUSES = (0.3, 1.5)
"""Seconds before a call that may be made again is made again after a failure."""
_SAFE = frozenset({"GET", "PUT", "DELETE"})
"""Methods that may be repeated without looking."""
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)

type Authorization = Callable[[bool], str]
"""The value of the header; True asks for a new one, because the last was not accepted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its JSON (None where there is no body) and its headers, names in lower case."""

    status: int
    data: Any
    headers: Mapping[str, str]


class _Pooled(GitHub[UnauthAuthStrategy]):
    """githubkit makes a client, with its own connections and certificates, for each request; this one keeps one."""

    _kept: httpx.Client | None = None
    _lock: threading.Lock

    @contextmanager
    def get_sync_client(self) -> Generator[httpx.Client, None, None]:
        with self._lock:
            if self._kept is None:
                self._kept = self._create_sync_client()
        yield self._kept

    def _check_rate_limit(self, response: object) -> None:
        """Nothing: `faults.limit` does, also where a header cannot be read, which this would break down at."""


class Client:
    """GitHub's API at one address. `told` hears of every call; it may not raise. `wait` sleeps. `redirects` are
    followed, without what authorizes the call where they lead to another host; a body goes along."""

    def __init__(
        self,
        api_url: str,
        told: Callable[[Call], object] = lambda call: None,
        wait: Callable[[float], object] = time.sleep,
        redirects: bool = True,
    ) -> None:
        self.api_url = api_url.rstrip("/")
        self.told = told
        self._wait = wait
        self.github = _Pooled(
            UnauthAuthStrategy(),
            base_url=self.api_url,
            user_agent="selfmod",
            timeout=_TIMEOUT,
            follow_redirects=redirects,
            ssl_verify=certificates(),
            auto_retry=False,
            http_cache=False,
            # githubkit's own is shared by all clients of a process, and by their tokens
            cache_strategy=MemCacheStrategy(),
            throttler=LocalThrottler(AT_ONCE),
        )
        self.github._lock = threading.Lock()

    @property
    def graphql_url(self) -> str:
        """As githubkit has it: `…/api/v3` becomes `…/api/graphql`, everything else gets `/graphql` behind it."""
        found, times = re.subn(r"/api/v3$", "/api/graphql", self.api_url)
        return found if times else f"{self.api_url}/graphql"

    def close(self) -> None:
        """Ends the connections."""
        if self.github._kept is not None:
            self.github._kept.close()

    def call(
        self,
        purpose: str,
        method: str,
        path: str,
        authorization: Authorization,
        *,
        repository: str = "",
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        repeatable: bool = False,
        once: bool = False,
        accept: str = "",
    ) -> Answer:
        """One call, made again where that is harmless: after a failure only for methods that may be repeated (or if
        this call is `repeatable`), after a limit always, because nothing was done; with `once` never.
        `accept` is a media type in the place of the API's own. Raises Gone, Rejected, Unavailable, Doubtful."""
        renewed, failures, waited, fresh = False, 0, 0.0, False
        while True:
            header = authorization(fresh)
            try:
                return self._once(purpose, method, path, header, repository, params, body, accept)
            except Rejected as error:
                if error.status != 401 or renewed or once or not header:
                    raise
                renewed = fresh = True
                continue
            except Doubtful as error:
                if once or not (repeatable or method in _SAFE) or failures == len(_PAUSES):
                    raise
                pause = max(_PAUSES[failures], error.after or 0.0)
                failures += 1
            except Unavailable as error:
                if once or error.after is None or waited + error.after > SHORT:
                    raise
                pause = error.after
            fresh = False
            waited += pause
            if waited > SHORT:
                raise Unavailable(f"GitHub asks to wait: {method} {path}.", pause)
            self._wait(pause)

    def pages(
        self,
        purpose: str,
        path: str,
        authorization: Authorization,
        *,
        repository: str = "",
        params: Mapping[str, Any] | None = None,
        within: str = "",
        most: int = 3_000,
    ) -> Iterator[Any]:
        """The entries of all pages of a list, or of the list `within` an object. Raises Refusal beyond `most`: half a
        list decides nothing."""
        seen, number = 0, 1
        while True:
            asked = {**(params or {}), "per_page": PAGE, "page": number}
            answer = self.call(purpose, "GET", path, authorization, repository=repository, params=asked)
            data = answer.data.get(within) if within and isinstance(answer.data, Mapping) else answer.data
            entries = data if isinstance(data, list) else []
            for entry in entries:
                if seen == most:
                    raise Refusal(f"{path} has more than {most} entries.", "That is more than selfmod looks at.")
                seen += 1
                yield entry
            link = answer.headers.get("link", "")
            if not entries or not ('rel="next"' in link if link else len(entries) >= PAGE):
                return
            number += 1

    def graphql(
        self, purpose: str, query: str, variables: Mapping[str, Any], authorization: Authorization, repository: str = ""
    ) -> Mapping[str, Any]:
        """The `data` of a query or mutation."""
        body = {"query": query, "variables": dict(variables)}
        answer = self.call(purpose, "POST", self.graphql_url, authorization, repository=repository, body=body)
        data = answer.data if isinstance(answer.data, Mapping) else {}
        if errors := data.get("errors"):
            raise of_graphql(errors if isinstance(errors, list) else [errors])
        found = data.get("data")
        if not isinstance(found, Mapping):
            raise Doubtful("GitHub's answer to a GraphQL query has no data.")
        return found

    def _once(
        self,
        purpose: str,
        method: str,
        path: str,
        header: str,
        repository: str,
        params: Mapping[str, Any] | None,
        body: Any,
        accept: str,
    ) -> Answer:
        started, status, outcome = time.monotonic(), 0, "unreachable"
        target = f"{method} {path.removeprefix(self.api_url)}"
        try:
            headers = {"X-GitHub-Api-Version": VERSION} | ({"Authorization": header} if header else {})
            headers |= {"Accept": accept} if accept else {}
            given = dict(params) if params else None
            try:
                response = self.github.request(method, path, params=given, json=body, headers=headers).raw_response
            except RequestFailed as error:
                response = error.response.raw_response
            except (RequestError, GitHubException, OSError) as error:
                raise Doubtful(f"GitHub cannot be reached ({_cause(error)}): {target}.") from None
            status, outcome = response.status_code, "failed"
            data = _json(response)
            if not response.is_success:
                fault = raised(target, status, response.headers, data)
                outcome = _outcome(fault)
                raise fault
            if data is None and response.content:
                raise Doubtful(f"GitHub's answer to {target} is no JSON.")
            outcome = "ok"
            return Answer(status, data, response.headers)
        finally:
            self.told(Call(purpose, target, repository, outcome, status, time.monotonic() - started))


def certificates(environ: Mapping[str, str] = os.environ) -> bool | ssl.SSLContext:
    """Whom to trust: what httpx reads itself (`SSL_CERT_FILE`, `SSL_CERT_DIR`), else `REQUESTS_CA_BUNDLE`, else the
    usual authorities. Raises Refusal where the file cannot be read."""
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        if named := environ.get(name, ""):
            try:
                return ssl.create_default_context(cafile=named)
            except (OSError, ssl.SSLError) as error:
                why = getattr(error, "strerror", None) or "it holds no certificates"
                raise Refusal(
                    f"the certificates of {name} cannot be read: {why}.", "Name a file in PEM format."
                ) from None
    return True


def _json(response: httpx.Response) -> Any:
    try:
        return response.json() if response.content else None
    except (ValueError, RecursionError):
        return None


def _outcome(fault: Exception) -> str:
    if isinstance(fault, Gone):
        return "gone"
    if isinstance(fault, Refusal):
        return "refused"
    return "failed" if isinstance(fault, Doubtful) else "limited"


def _cause(error: BaseException) -> str:
    """The kind of failure, without the address and what else its text may hold."""
    inner = error.exc if isinstance(error, RequestError) else error
    return type(inner).__name__
