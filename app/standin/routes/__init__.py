"""All routes, in the order in which they are tried. A file a resource; each has its `ROUTES`."""

from app.standin.graphql import engine
from app.standin.routes import (
    apps,
    comments,
    installing,
    issues,
    labels,
    manifest,
    merging,
    protection,
    pulls,
    repositories,
    reviews,
    rulesets,
    runs,
    signing,
)
from app.standin.routes.git import commits, contents, objects, refs
from app.standin.routing import Route

ROUTES: tuple[Route, ...] = (
    *protection.ROUTES,
    *rulesets.ROUTES,
    *merging.ROUTES,
    *reviews.ROUTES,
    *manifest.ROUTES,
    *installing.ROUTES,
    *signing.ROUTES,
    *engine.ROUTES,
    *apps.ROUTES,
    *repositories.ROUTES,
    *refs.ROUTES,
    *objects.ROUTES,
    *commits.ROUTES,
    *contents.ROUTES,
    *pulls.ROUTES,
    *comments.ROUTES,
    *issues.ROUTES,
    *labels.ROUTES,
    *runs.ROUTES,
    # names of branches have slashes: tried when nothing else fits
    *refs.LATE,
    *commits.LATE,
)
