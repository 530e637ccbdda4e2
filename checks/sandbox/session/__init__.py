"""What is asked of one session of tests, and what of its report is to be believed."""
