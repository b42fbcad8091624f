"""Limited child processes for what others sent: files and large bodies. Forked, killed, without a key or a setting."""
