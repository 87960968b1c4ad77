# Copyright Tidemark Ltd
"""Figures for people who decide."""
