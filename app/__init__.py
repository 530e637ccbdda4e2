"""Everything that meets the outside: the command line now, the App later."""
