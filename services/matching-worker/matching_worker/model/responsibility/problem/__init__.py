"""Stage A's problem: the document made consistent, its rules, its costs."""
