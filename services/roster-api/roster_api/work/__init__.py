"""Work that is handed out to matching workers: runs, questions about them, border rounds. One way for all three."""
