"""National runs: a matching run a province, gathered with one certificate, then a border round between neighbours."""
