"""Other people's detectors, run with our configuration only."""
