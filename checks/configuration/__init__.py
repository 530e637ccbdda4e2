"""Reading `.github/selfmod.yml`, telling what is wrong with it, and the sections that only the edges obey."""
