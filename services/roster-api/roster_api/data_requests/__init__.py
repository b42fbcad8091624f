"""What a person may ask about their data: to see it, to have it corrected, to have it erased; each with a clock."""
