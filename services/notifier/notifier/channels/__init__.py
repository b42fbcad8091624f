"""How a message is handed to a provider: one file a channel, each answering in the same four ways."""
