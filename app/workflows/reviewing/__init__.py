"""The parts of a review: what it is about, how it is judged, how the gate stands, what is reported."""
