"""Many askers at once: how fast the chat answers them, whether each gets its own answer, and what stays in memory."""
