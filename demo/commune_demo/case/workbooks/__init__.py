"""The twelve roster workbooks, each laid out another way, as such lists really come; and the two corrected ones."""
