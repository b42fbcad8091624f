"""Words in blocks: facts of a notice, blocks of text that people may edit, a sandbox that fills them in, one layout."""
