"""All routes, in the order in which they are tried. A file a resource; each has its `ROUTES`."""

from app.standin.routes import apps, repositories
from app.standin.routing import Route

ROUTES: tuple[Route, ...] = (
    *apps.ROUTES,
    *repositories.ROUTES,
)
