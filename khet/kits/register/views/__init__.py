"""Pages of every register; one set for all types."""
