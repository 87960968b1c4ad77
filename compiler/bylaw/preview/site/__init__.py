"""The static site: the pages of the preview, without a server."""
