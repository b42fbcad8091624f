"""The command line's process: one problem document in, one solution or explanation out."""
