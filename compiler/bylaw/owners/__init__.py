"""Code owners: patterns of `CODEOWNERS` files, and lines of which the last match holds."""
