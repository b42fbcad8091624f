"""Changing a draft by hand: asked about first, judged by the rules, kept with a reason, undone and done again."""
