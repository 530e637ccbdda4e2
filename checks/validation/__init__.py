"""Whether a change may be taken at all: five stages, each observed and timed."""
