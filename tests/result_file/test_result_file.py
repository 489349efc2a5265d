"""What was saved is read back; what is damaged, of somebody else or too large ends in words, and is not opened."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.errors import ResultError
from detente.result_file import END, _ending, load_result, save_result
from detente.results import Provenance


def provenance() -> Provenance:
    return Provenance("harbour_truce", "hash", "2031-05-03", None, {}, 1, 4, 4)


def dataset(**more: Any) -> Any:
    import xarray

    names = np.array(["one", "a longer name"], dtype=object)
    days = np.array(["2031-05-03", "2031-05-04"], "datetime64[ns]")
    return xarray.Dataset(
        {"share": (("name", "day"), [[0.25, np.nan], [1.0, np.inf]]), **more}, coords={"name": names, "day": days}
    )


def test_what_was_saved_is_read_back_and_other_readers_read_it_too(tmp_path: Path) -> None:
    import xarray

    save_result(dataset(), provenance(), tmp_path / "a.nc")
    found, made = load_result(tmp_path / "a.nc")
    assert found.equals(dataset())
    assert made == provenance()
    assert xarray.load_dataset(tmp_path / "a.nc", engine="h5netcdf").equals(dataset())
    assert [one.name for one in tmp_path.iterdir()] == ["a.nc"]


def mutants(whole: bytes, count: int) -> list[bytes]:
    """Return damaged copies: signs changed, cut out, doubled, put in, the end lost, another file's end."""
    dice, found = random.Random(1), []
    for _ in range(count):
        made = bytearray(whole)
        for _ in range(dice.choice((1, 1, 3, 20))):
            at = dice.randrange(len(made) or 1)
            kind = dice.randrange(5)
            if kind == 0 and made:
                made[at] ^= 1 << dice.randrange(8)
            elif kind == 1:
                del made[at : at + dice.randrange(1, 200)]
            elif kind == 2:
                made[at:at] = made[max(at - 50, 0) : at]
            elif kind == 3:
                made[at:at] = dice.randbytes(dice.randrange(1, 30))
            else:
                made = made[: at + 1]
        if bytes(made) != whole:
            found.append(bytes(made))
    return found


def refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    begun = time.process_time()
    with pytest.raises(ResultError, match=r"mutant\.nc: "):
        load_result(file)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_damaged_files_end_in_words(count: int, tmp_path: Path) -> None:
    save_result(dataset(), provenance(), tmp_path / "a.nc")
    for content in mutants((tmp_path / "a.nc").read_bytes(), count):
        refused(tmp_path / "mutant.nc", content)


def test_files_that_somebody_made_so_end_in_words(tmp_path: Path) -> None:
    """With a sum that fits: what is inside is asked for its size, and whatever the library raises is told."""
    import xarray

    claimed = xarray.Dataset(attrs={"provenance": "[" * 100_000}).to_netcdf(engine="h5netcdf")
    number = xarray.Dataset(attrs={"provenance": 3}).to_netcdf(engine="h5netcdf")
    other = xarray.Dataset({"x": ("n", [1.0])}).to_netcdf(engine="h5netcdf")
    for content in (
        bytes(claimed),
        bytes(number),
        bytes(other),
        b"",
        b"no NetCDF at all",
        b"\x89HDF\r\n\x1a\n" + b"\0" * 600,
    ):
        refused(tmp_path / "mutant.nc", content + _ending(content))


def test_a_small_file_that_would_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    import io

    import h5netcdf

    into = io.BytesIO()
    with h5netcdf.File(into, "w") as made:
        made.dimensions = {"n": 5_000_000_000}
        made.create_variable("x", ("n",), "f8", chunks=(1_000_000,))
    content = into.getvalue()
    assert len(content) < 100_000
    refused(tmp_path / "mutant.nc", content + _ending(content))


@pytest.mark.parametrize("what", ["missing", "folder"])
def test_what_is_no_file_is_named(what: str, tmp_path: Path) -> None:
    if what == "folder":
        (tmp_path / "mutant.nc").mkdir()
    with pytest.raises(ResultError, match=r"mutant\.nc: cannot be read as a result"):
        load_result(tmp_path / "mutant.nc")


def test_what_cannot_be_written_leaves_the_older_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match="cannot be written"):
        save_result(dataset(), provenance(), tmp_path / "file" / "a.nc")
    assert END > 64
