"""The sensor table: rows are consistent, stored numbers never move, raw radar is turned away."""

import pytest

from dosel.catalog.scene import RefusedSceneError
from dosel.catalog.sensors import (
    SENSORS,
    MaskRule,
    Naming,
    OffsetRule,
    Sensor,
    StreamSpec,
    declared_sensor,
    refuse_raw,
    sensor,
    stream_names,
)
from dosel.config import SensorSettings
from dosel.errors import InputError
from dosel.model.codes import NODATA, Refusal

USABLE = [row for row in SENSORS.values() if not row.refused]
PERUSAT = SensorSettings(
    name="perusat-ndvi",
    stream="ndvi",
    unit="1",
    quantum=0.0001,
    valid=(-1, 1),
    resolution_m=2.8,
    revisit_days=30,
    spread=0.05,
    shift=0.3,
    nodata=-1.5,
    crs="EPSG:32718",
    scale=0.0001,
)


@pytest.mark.parametrize("row", [*USABLE, declared_sensor(PERUSAT)], ids=lambda row: row.name)
def test_row_is_consistent(row: Sensor) -> None:
    names = [band.name for band in row.bands]
    assert len(set(names)) == len(names)
    assert {band for stream in row.streams for band in stream.bands} <= set(names)
    assert all(1 <= len(stream.bands) <= 2 for stream in row.streams)
    assert ("mask" in names) == (row.mask_rule is not MaskRule.NONE)
    assert row.revisit_days > 0
    assert row.resolution_m > 0
    if row.kind == "radar" and row.name in SENSORS:
        assert row.geometries == ("ascending", "descending")


@pytest.mark.parametrize("stream", [s for row in USABLE for s in row.streams], ids=lambda s: s.name)
def test_valid_range_fits_into_int16_quanta(stream: StreamSpec) -> None:
    low, high = (round(bound / stream.quantum) for bound in stream.valid)
    assert NODATA < low < high <= 32767
    assert 0 < stream.spread < 2 * stream.shift  # a pixel of unfiltered radar is noisier than a clearing
    assert stream.shift / stream.quantum > 100, "the change must be finely resolved"


def test_stream_names_differ_between_sensors_that_share_no_reading() -> None:
    optical = [s.name for row in USABLE if row.kind == "optical" for s in row.streams]
    assert len(set(optical)) == len(optical)


def test_linear_and_decibel_twins_yield_the_same_streams() -> None:
    linear, decibel = sensor("sentinel-1-rtc"), sensor("sentinel-1-rtc-db")
    assert linear.streams == decibel.streams
    assert (linear.linear_power, decibel.linear_power) == (True, False)


def test_stored_numbers_are_append_only() -> None:
    assert {m.name: int(m) for m in MaskRule} == {
        "NONE": 0, "SCL": 1, "QA_PIXEL": 2, "FMASK": 3, "LAYOVER": 4,
    }  # fmt: skip
    assert {m.name: int(m) for m in OffsetRule} == {"NONE": 0, "BOA": 1}
    assert [m.name for m in sorted(Naming)] == [
        "DECLARED", "SENTINEL_1", "OPERA", "SENTINEL_2", "HLS", "LANDSAT",
    ]  # fmt: skip


def test_declared_sensor_carries_every_declaration() -> None:
    row = sensor("perusat-ndvi", [PERUSAT])
    band, stream = row.bands[0], row.streams[0]
    assert (band.name, band.nodata, band.scale, band.offset) == ("value", -1.5, 0.0001, 0.0)
    assert (stream.unit, stream.direction, stream.quantum, stream.valid) == ("1", -1, 0.0001, (-1, 1))
    assert (stream.spread, stream.shift, row.crs) == (0.05, 0.3, "EPSG:32718")
    assert stream_names(row, "any") == ("ndvi/any",)


def test_declared_sensor_comes_before_a_built_in_one_of_its_name() -> None:
    mine = PERUSAT.model_copy(update={"name": "sentinel-2-l2a"})
    assert sensor("sentinel-2-l2a", [mine]).streams[0].name == "ndvi"
    assert sensor("sentinel-2-l2a").streams[0].name == "sentinel-2-nbr"


def test_unknown_sensor_is_answered_with_those_that_exist() -> None:
    with pytest.raises(InputError, match=r"'sentinel-3'.*landsat-c2-l2.*perusat-ndvi.*\[\[sensor\]\]"):
        sensor("sentinel-3", [PERUSAT])


def test_raw_radar_is_refused_with_what_to_use() -> None:
    with pytest.raises(RefusedSceneError, match=r"S1A_x: raw GRD.*sentinel-1-rtc") as caught:
        refuse_raw(sensor("sentinel-1-grd"), "S1A_x")
    assert caught.value.refusal is Refusal.RAW_RADAR
    refuse_raw(sensor("sentinel-1-rtc"), "S1A_x")
