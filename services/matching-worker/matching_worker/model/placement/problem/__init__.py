"""Stage B's problem: the document made consistent, its rules, its costs."""
