"""The page as people use it: in a real Chromium, served by a real process."""
