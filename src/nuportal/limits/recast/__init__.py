"""Published limits of one model carried over to any other: production x branching ratio x efficiency (1801.04847)."""
