"""Detection and fixing of faults."""
