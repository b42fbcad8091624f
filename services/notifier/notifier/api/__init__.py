"""The notifier's HTTP API: what was sent to whom and what became of it, receipts of providers, sending again."""
