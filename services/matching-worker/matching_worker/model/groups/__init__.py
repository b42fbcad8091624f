"""Stage D, groups: communes into k connected, balanced groups, each as near as can be to its best centre. Exact."""
