"""The month after publishing, on a clock that is moved: what happened, what is paid, how the next wave begins."""
