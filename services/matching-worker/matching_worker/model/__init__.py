"""The assignment itself: pure functions from a problem document to a proved plan. No IO, no clock, no event loop."""
