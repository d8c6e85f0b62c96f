"""Pages of pupils beyond the registers."""
