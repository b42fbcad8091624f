"""The operator's commands over accounts and keys: `roster-api accounts ...`, `roster-api keys ...`, on the server."""
