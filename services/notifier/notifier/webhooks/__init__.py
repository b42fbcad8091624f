"""Webhooks out: what happened, told to programs of others by signed CloudEvents. Nobody is named in one."""
