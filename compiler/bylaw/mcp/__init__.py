"""The MCP server: what governs a path, what a change would break, and why, for agents that ask."""
