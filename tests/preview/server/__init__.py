"""Tests of the local page's server, in processes of their own and over real HTTP."""
