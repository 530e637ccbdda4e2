"""Whether a caller may use a route, refused as GitHub refuses."""

from app.standin.auth import Caller
from app.standin.routing import Problem, Route, forbidden
from app.standin.state import ROLES, Repository, World


def permitted(world: World, route: Route, who: Caller, repository: Repository | None) -> None:
    """Raises Problem where not."""
    if route.needs == "public":
        return
    if who.kind == "nobody":
        public = repository is not None and not repository.private
        if public and route.wanted and all(level == "read" for _, level in route.wanted):
            return
        raise Problem(401, "Requires authentication")
    if (route.needs == "client") != (who.kind == "client"):
        raise Problem(404, "Not Found")
    if route.needs == "client":
        return
    if route.needs == "app":
        if who.kind != "app":
            raise Problem(401, "A JSON web token could not be decoded")
        return
    if who.kind == "app":
        raise Problem(403, "You must authenticate with an access token in order to access this resource.")
    if route.needs == "any":
        return
    if who.token is not None and who.token.signed_in is not None and route.needs != "user":
        # at GitHub what both the App and the person may; nothing here needs that, and so it is refused
        raise forbidden()
    if route.needs in {"user", "installation"}:
        if (who.kind == "person") != (route.needs == "user"):
            raise (
                forbidden()
                if route.needs == "user"
                else Problem(
                    403, "You must authenticate with an installation access token in order to list repositories."
                )
            )
        return
    if who.kind == "installation":
        _installation(route, who, repository)
    else:
        _person(world, route, who, repository)


def _installation(route: Route, who: Caller, repository: Repository | None) -> None:
    """It must reach the repository and have one of the permissions. At GitHub a public repository can be read without
    either; here that is refused too, so that a private one brings no surprise."""
    if not any(who.has(resource, level) for resource, level in route.wanted):
        raise forbidden()
    if repository is not None and not who.reaches(repository):
        raise forbidden()


def _person(world: World, route: Route, who: Caller, repository: Repository | None) -> None:
    if not route.role and any(resource == "checks" and level == "write" for resource, level in route.wanted):
        raise forbidden("You must authenticate via a GitHub App.")
    if repository is None or who.account is None:
        return
    order = {"read": "read", "write": "write", "admin": "admin"}
    least = route.role or min((order[level] for _, level in route.wanted), key=ROLES.index)
    role = world.role(repository, who.account.login)
    if ROLES.index(role) < ROLES.index(least):
        if role == "none":
            raise Problem(404, "Not Found")
        raise forbidden("Must have admin rights to Repository." if least == "admin" else "Resource not accessible")
