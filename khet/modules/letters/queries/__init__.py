"""Reading correspondence, always within what the reader may see."""
