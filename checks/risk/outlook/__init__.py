"""What a grave change could be instead."""
