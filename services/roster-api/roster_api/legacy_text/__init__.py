"""Text from before Unicode, or spoilt on its way: recognised by what Vietnamese syllables are, and put right."""
