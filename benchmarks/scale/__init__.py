"""Adding, opening, searching and answering from a thousand to a million passages."""
