"""The parts of a details page: a file and a template each, in the order of `app.dashboard.details.PARTS`."""
