"""Pages of schools beyond their register."""
