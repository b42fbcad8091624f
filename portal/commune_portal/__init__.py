"""The portal: server-rendered pages over the public API, acting as the person who signed in."""
