"""One acquisition has one name, whichever catalogue, slice or reprocessing it comes from."""

from typing import Any

import pytest

from dosel.catalog.naming import Names, name_of, platform_code
from dosel.catalog.sensors import Naming
from dosel.model.time import parse_instant


def named(
    naming: Naming, scene_id: str, when: str = "2024-03-08T14:30:00Z", west: float = -70.0, **properties: Any
) -> Names:
    """Return the names of an item; ``__`` in a property is ``:``."""
    given = {key.replace("__", ":"): value for key, value in properties.items()}
    return name_of(naming, scene_id, given, parse_instant(when), west)


def test_sentinel_1_datatake_is_one_in_decimal_hexadecimal_and_product_name() -> None:
    product = "S1A_IW_GRDH_1SDV_20240501T101020_20240501T101045_053672_0684AE_rtc"
    by_id = named(Naming.SENTINEL_1, product)
    decimal = named(Naming.SENTINEL_1, "x", platform="SENTINEL-1A", s1__datatake_id=str(0x0684AE))
    hexadecimal = named(Naming.SENTINEL_1, "x", platform="sentinel-1a", s1__datatake_id="0684AE")
    assert by_id.datatake == decimal.datatake == hexadecimal.datatake == "S1A-427182"


def test_sentinel_1_slices_share_the_datatake_and_not_the_granule() -> None:
    slices = [
        named(Naming.SENTINEL_1, f"S1A_IW_GRDH_1SDV_20240501T1010{s}_20240501T101045_053672_0684AE_rtc")
        for s in (20, 45)
    ]
    assert slices[0].datatake == slices[1].datatake
    assert slices[0].granule != slices[1].granule


def test_sentinel_1_without_datatake_goes_by_platform_and_orbit() -> None:
    one = named(Naming.SENTINEL_1, "x", platform="sentinel-1a", sat__absolute_orbit=5)
    other = named(Naming.SENTINEL_1, "y", platform="sentinel-1b", sat__absolute_orbit=5)
    assert one.datatake == "S1A-orbit5"
    assert other.datatake == "S1B-orbit5"


def test_opera_bursts_of_a_pass_are_one_datatake() -> None:
    ids = [
        "OPERA_L2_RTC-S1_T115-245714-IW1_20240501T101020Z_20240501T180000Z_S1A_30_v1.0",
        "OPERA_L2_RTC-S1_T115-245715-IW2_20240501T101023Z_20240502T180000Z_S1A_30_v1.0",
        "OPERA_L2_RTC-S1_T115-245714-IW1_20240513T101020Z_20240513T180000Z_S1A_30_v1.0",
    ]
    days = ["2024-05-01T10:10:20Z", "2024-05-01T10:10:23Z", "2024-05-13T10:10:20Z"]
    first, second, later = (named(Naming.OPERA, i, d) for i, d in zip(ids, days, strict=True))
    assert first.datatake == second.datatake != later.datatake
    assert (first.granule, second.granule) == ("245714-IW1", "245715-IW2")
    assert first.processed < second.processed


def test_a_pass_over_midnight_utc_stays_one_datatake() -> None:
    """Mutant: the UTC date in place of the solar one."""
    at = ("2024-05-01T23:59:58Z", "2024-05-02T00:00:03Z")
    ids = [f"OPERA_L2_RTC-S1_T018-0000{k}-IW1_2024{d}Z_20240502T180000Z_S1A_30_v1.0"
           for k, d in ((10, "0501T235958"), (11, "0502T000003"))]  # fmt: skip
    names = [named(Naming.OPERA, i, t, west=-90.0) for i, t in zip(ids, at, strict=True)]
    assert names[0].datatake == names[1].datatake


@pytest.mark.parametrize(
    ("scene_id", "properties"),
    [
        ("S2A_MSIL2A_20240308T143751_N0510_R096_T19LCC_20240308T210000", {}),
        ("S2A_MSIL2A_20240308T143751_R096_T19LCC_20240309T210000", {}),
        ("S2A_T19LCC_x",
         {"s2__product_uri": "S2A_MSIL2A_20240308T143751_N0500_R096_T19LCC_20250101T000000.SAFE"}),
        ("S2A_19LCC_20240308_0_L2A", {"s2__datatake_id": "GS2A_20240308T143751_045500_N05.10",
                                      "s2__mgrs_tile": "19LCC"}),
        ("other", {"s2__datatake_id": "GS2A_20240308T143751_045500_N04.00", "grid__code": "MGRS-19LCC"}),
    ],
)  # fmt: skip
def test_sentinel_2_names_do_not_depend_on_catalogue_or_baseline(
    scene_id: str, properties: dict[str, str]
) -> None:
    names = named(Naming.SENTINEL_2, scene_id, **properties)
    assert names[:2] == ("S2A-20240308T143751", "19LCC")


def test_sentinel_2_strips_of_one_tile_are_granules_of_their_own() -> None:
    """Mutant: the newest of two halves of a tile taken for a reprocessing of the other."""
    product = "S2A_MSIL2A_20240308T143751_N0510_R096_T19LCC_2024030{}T210000"
    strip = "S2A_OPER_MSI_L2A_DS_2APS_20240308T143352_S20240308T1437{}_N05.10"
    halves = [named(Naming.SENTINEL_2, product.format(d), s2__datastrip_id=strip.format(s))
              for d, s in ((8, 51), (9, 59))]  # fmt: skip
    assert halves[0].datatake == halves[1].datatake
    assert halves[0].granule != halves[1].granule


def test_hls_granules() -> None:
    sentinel = [named(Naming.HLS, f"HLS.S30.T19L{t}.2024068T143751.v2.0") for t in ("CC", "CD")]
    assert sentinel[0].datatake == sentinel[1].datatake
    assert sentinel[0].granule == "19LCC"
    landsat = [
        named(Naming.HLS, f"HLS.L30.T19LCC.2024068T1437{s}.v2.0", platform="LANDSAT-9") for s in (12, 36)
    ]
    assert landsat[0].datatake == landsat[1].datatake == "L9-20240308"
    assert landsat[0].granule != landsat[1].granule


def test_landsat_rows_of_a_path_are_granules_and_paths_are_not() -> None:
    def of(path: str, row: str, made: str = "20240320") -> Names:
        return named(Naming.LANDSAT, f"LC08_L2SP_{path}{row}_20240308_{made}_02_T1")

    assert of("003", "069")[:2] == ("LC08-003-20240308", "069")
    assert of("003", "070").datatake == of("003", "069").datatake != of("004", "069").datatake
    assert of("003", "069", "20240320").processed < of("003", "069", "20240401").processed


def test_declared_names_of_an_item_win() -> None:
    names = named(
        Naming.SENTINEL_2, "x", dosel__datatake="T", dosel__granule="G", created="2024-01-01T00:00:00Z"
    )
    assert names == ("T", "G", "2024-01-01T00:00:00Z")


def test_unnamed_items_are_never_taken_for_reprocessings_of_each_other() -> None:
    one, other = named(Naming.DECLARED, "a"), named(Naming.DECLARED, "b")
    assert one.datatake == other.datatake
    assert one.granule != other.granule


@pytest.mark.parametrize("text", ["SENTINEL-1A", "sentinel-1a", "Sentinel1A", "S1A", "sentinel_1a"])
def test_platform_code(text: str) -> None:
    assert platform_code(text) == "S1A"
