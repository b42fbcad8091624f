"""Official papers (docx): their layout, and the decision of a published plan."""
