"""What the kernel's code works on: arrays of JAX, traced or not, and of NumPy, which take the same operations."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Number", "Value"]

Array = jax.Array | NDArray[Any]
"""Numbers or yes/no that have a shape."""
Number = Array | np.floating[Any]
"""Numbers, or one that is the same in every world."""
Value = Number | np.bool_
"""What an expression gives: an array, or one number or yes/no where it is the same in every world."""
