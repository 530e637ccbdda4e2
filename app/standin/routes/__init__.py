"""All routes, in the order in which they are tried. A file a resource; each has its `ROUTES`."""

from app.standin.graphql import engine
from app.standin.routes import (
    apps,
    manifest,
    merging,
    protection,
    repositories,
    reviews,
    rulesets,
)
from app.standin.routing import Route

ROUTES: tuple[Route, ...] = (
    *protection.ROUTES,
    *rulesets.ROUTES,
    *merging.ROUTES,
    *reviews.ROUTES,
    *manifest.ROUTES,
    *engine.ROUTES,
    *apps.ROUTES,
    *repositories.ROUTES,
)
