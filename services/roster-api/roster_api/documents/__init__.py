"""Large JSON bodies, read by a child process: parsing holds the interpreter, and with it every other request."""
