"""Results in NetCDF files: written whole, known again by a sum at their end, and read only where they fit.

The library that reads such a file trusts what the file says of itself: a damaged one has it run for minutes, ask for
all memory, or end the process. So a file is made in memory and written with the sum of its bytes behind it, which other
readers pass over; what does not fit its sum is not opened, and of what does, sizes are asked first.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import ResultError
from detente.machine import machine_memory
from detente.results import Provenance
from detente.writing import written_whole

if TYPE_CHECKING:
    import xarray

__all__ = ["load_result", "save_result"]

SHARE_OF_MEMORY = 4
"""A file that takes more than one part in so many of this machine's memory is not read."""
UNPACKED, AT_LEAST = 4, 2**26
"""How many times as large as a file its content may be, since nothing is packed when it is saved; and how many bytes it
may come to in any case."""
MARK = b"\ndetente sha256 "
"""What stands before the sum."""
END = len(MARK) + 64 + 1
"""Bytes from there to the end of the file."""
LONGEST_TEXT = 2**24
"""Signs of the longest text that is taken for what says how a result was made."""


def save_result(dataset: xarray.Dataset, provenance: Provenance, path: Path) -> None:
    """Save a dataset with its provenance as NetCDF.

    Parameters
    ----------
    dataset, provenance
        The figures, and how they were made.
    path
        Where. A file that is there stays whole until the new one is.

    Raises
    ------
    ResultError
        If the file cannot be written.
    """
    made = dataset.assign_attrs(made_by="detente", provenance=json.dumps(asdict(provenance)))
    # In memory: on a full disk the library would end the process, and leave half a file.
    content = bytes(made.to_netcdf(engine="h5netcdf", invalid_netcdf=False))
    try:
        with written_whole(path) as part:
            part.write_bytes(content + _ending(content))
    except OSError as error:
        raise ResultError(f"{path}: cannot be written ({error})") from None


def load_result(path: Path) -> tuple[xarray.Dataset, Provenance]:
    """Load a dataset saved by :func:`save_result`, with its provenance.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    tuple
        The dataset, in memory, and how it was made.

    Raises
    ------
    ResultError
        If the file cannot be read, was changed since it was written, or holds something else.
    """
    import xarray  # half a second that a plain run does not need

    content = _read(Path(path))
    try:
        _refuse_too_large(content)
        dataset = xarray.load_dataset(io.BytesIO(content), engine="h5netcdf")
        told = dataset.attrs["provenance"]
        if not isinstance(told, str) or len(told) > LONGEST_TEXT:
            raise ValueError("what says how it was made is no text")
        return dataset, Provenance.of(json.loads(told))
    except Exception as error:  # a foreign library on a foreign file: whatever it raises, the file is at fault
        raise ResultError(f"{path}: cannot be read as a result ({type(error).__name__}: {error})") from None


def _read(path: Path) -> bytes:
    """Return what is in a file before its sum."""
    try:
        if path.exists() and not path.is_file():
            raise ResultError(f"{path}: cannot be read as a result (it is no file)")
        with path.open("rb") as opened:
            size, room = os.fstat(opened.fileno()).st_size, (machine_memory() or 2**34) // SHARE_OF_MEMORY
            if size > room:
                raise ResultError(
                    f"{path}: has {size / 2**20:,.0f} MB, more than this machine can hold beside its work"
                )
            content = opened.read(size)
    except OSError as error:
        raise ResultError(f"{path}: cannot be read as a result ({error.strerror})") from None
    whole, ending = content[:-END], content[-END:]
    if not ending.startswith(MARK):
        raise ResultError(
            f"{path}: cannot be read as a result: this version of Détente did not save it, or it was cut short; "
            "save it anew, with Run.save or 'detente fit'"
        )
    if ending != _ending(whole):
        raise ResultError(f"{path}: is damaged, or was changed since it was saved; make it anew")
    return whole


def _ending(content: bytes) -> bytes:
    return MARK + hashlib.sha256(content).hexdigest().encode() + b"\n"


def _refuse_too_large(content: bytes) -> None:
    """Ask what a file would come to before anything in it is unpacked."""
    import h5netcdf

    with h5netcdf.File(io.BytesIO(content), "r") as opened:
        size = sum(math.prod(one.shape) * max(one.dtype.itemsize, 8) for one in opened.variables.values())
    if size > max(UNPACKED * len(content), AT_LEAST):
        raise ValueError(f"it has {len(content) / 2**20:,.1f} MB and would come to {size / 2**20:,.0f} MB")
