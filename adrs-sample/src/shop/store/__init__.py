# Copyright Tidemark Ltd
"""The only package that talks to the database."""
