"""The engine for programs, over HTTP and MCP: what it takes, what it gives, and how much of it at a time."""
