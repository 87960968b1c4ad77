"""The record of what agents did: an append-only history of each session, one event a line."""
