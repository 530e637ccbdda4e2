"""What is known of a revert because selfmod made it: the tests of its tree, and what was there before."""
