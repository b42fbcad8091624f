"""What an interrupt asks of a solve: known before anything slow is imported."""

import asyncio

STOP = asyncio.Event()
"""The wish to have the best plan so far, now."""
