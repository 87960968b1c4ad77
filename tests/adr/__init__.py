"""Tests of the front end: files, metadata, status and relations."""
