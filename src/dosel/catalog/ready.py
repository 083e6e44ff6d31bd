"""Ready-made settings of public STAC APIs, to copy into ``dosel.toml``. Not tried live.

They were written from the services' documentation; the path that reads them is proved against a local server
(``dosel.testing.stacserver``). ``dosel doctor --live`` says whether one works from where you are.

Examples
--------
>>> READY["earth-search-sentinel-2"].collections
('sentinel-2-c1-l2a',)
"""

from __future__ import annotations

from typing import Final

from dosel.config import SourceSettings

_ESA: Final = "ESA Copernicus"
_COPERNICUS: Final = "Copernicus Sentinel data terms: free, full and open; contains modified Copernicus data"
_USGS_ORIGIN: Final = "USGS/NASA Landsat"
_USGS: Final = "public domain (USGS); credit Landsat imagery courtesy of the U.S. Geological Survey"
_NASA: Final = "NASA EOSDIS data use policy: open, no restriction; cite the product"

_EARTH_SEARCH: Final = "https://earth-search.aws.element84.com/v1"
_PLANETARY: Final = "https://planetarycomputer.microsoft.com/api/stac/v1"
_LANDSATLOOK: Final = "https://landsatlook.usgs.gov/stac-server"
_CDSE: Final = "https://stac.dataspace.copernicus.eu/v1"
_CMR: Final = "https://cmr.earthdata.nasa.gov/stac"


def _api(
    name: str,
    url: str,
    sensor: str,
    collection: str,
    terms: tuple[str, str],
    token_env: str | None = None,
    token_hosts: tuple[str, ...] = (),
) -> SourceSettings:
    """Return the settings of one collection of a STAC API; `terms` are origin and licence."""
    return SourceSettings(
        name=name,
        kind="stac-api",
        url=url,
        sensor=sensor,
        collections=(collection,),
        origin=terms[0],
        licence=terms[1],
        token_env=token_env,
        token_hosts=token_hosts,
        requests_per_minute=60,
    )


READY: Final[dict[str, SourceSettings]] = {
    settings.name: settings
    for settings in (
        # The collection sentinel-2-l2a beside it has a flag boa_offset_applied that is wrong for many items.
        _api(
            "earth-search-sentinel-2",
            _EARTH_SEARCH,
            "sentinel-2-l2a",
            "sentinel-2-c1-l2a",
            (f"{_ESA} Sentinel-2", _COPERNICUS),
        ),
        _api(
            "planetary-sentinel-1",
            _PLANETARY,
            "sentinel-1-rtc",
            "sentinel-1-rtc",
            (f"{_ESA} Sentinel-1, terrain-corrected by Catalyst", f"CC-BY-4.0; {_COPERNICUS}"),
        ),
        _api(
            "planetary-sentinel-2",
            _PLANETARY,
            "sentinel-2-l2a",
            "sentinel-2-l2a",
            (f"{_ESA} Sentinel-2", _COPERNICUS),
        ),
        _api("planetary-landsat", _PLANETARY, "landsat-c2-l2", "landsat-c2-l2", (_USGS_ORIGIN, _USGS)),
        _api("landsatlook-landsat", _LANDSATLOOK, "landsat-c2-l2", "landsat-c2l2-sr", (_USGS_ORIGIN, _USGS)),
        _api(
            "cdse-sentinel-2",
            _CDSE,
            "sentinel-2-l2a",
            "sentinel-2-l2a",
            (f"{_ESA} Sentinel-2", _COPERNICUS),
            "CDSE_TOKEN",
            ("*.dataspace.copernicus.eu",),
        ),
        _api(
            "asf-opera-rtc",
            f"{_CMR}/ASF",
            "opera-rtc-s1",
            "OPERA_L2_RTC-S1_V1_1.0",
            ("NASA JPL OPERA from ESA Copernicus Sentinel-1", f"{_NASA}; {_COPERNICUS}"),
            "EARTHDATA_TOKEN",
            ("*.asf.alaska.edu", "*.earthdatacloud.nasa.gov"),
        ),
        _api(
            "lpcloud-hls-s30",
            f"{_CMR}/LPCLOUD",
            "hls-s30",
            "HLSS30_2.0",
            ("NASA LP DAAC HLS from ESA Copernicus Sentinel-2", f"{_NASA}; {_COPERNICUS}"),
            "EARTHDATA_TOKEN",
            ("*.earthdatacloud.nasa.gov",),
        ),
        _api(
            "lpcloud-hls-l30",
            f"{_CMR}/LPCLOUD",
            "hls-l30",
            "HLSL30_2.0",
            ("NASA LP DAAC HLS from USGS/NASA Landsat", _NASA),
            "EARTHDATA_TOKEN",
            ("*.earthdatacloud.nasa.gov",),
        ),
    )
}
"""Settings by name; every one names its origin and its licence."""
