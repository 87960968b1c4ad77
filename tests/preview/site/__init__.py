"""The static site, and the Markdown that it and the page show."""
