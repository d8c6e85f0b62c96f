"""Pages of staff beyond the registers."""
