"""Travel is counted in whole kilometres, half a kilometre up, in every stage."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Metres = TypeVar("Metres", int, npt.NDArray[np.int64])


def round_km(metres: Metres) -> Metres:
    """Whole kilometres of one distance, or of each in an array."""
    return (metres + 500) // 1000
