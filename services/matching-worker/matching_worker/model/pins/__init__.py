"""Which pins of people can be kept together, and which rule stands against each of the others."""

from matching_worker.model.pins.settle import Settled, settle_pins

__all__ = ["Settled", "settle_pins"]
