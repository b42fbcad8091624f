"""The solver's child process: both ends of its pipe, and what runs in it."""
