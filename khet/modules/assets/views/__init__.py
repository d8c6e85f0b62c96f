"""Pages of assets beyond the registers."""
