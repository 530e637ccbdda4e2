"""JSON of the stand-in's things as GitHub's OpenAPI describes it: pure functions of the world."""
