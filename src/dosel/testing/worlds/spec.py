"""What a simulated world is made from: one frozen table of settings.

Examples
--------
>>> spec = WorldSpec(seed=7, shape=(64, 64))
>>> spec.monitor_start - spec.start
730
>>> small().shape
(96, 96)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dosel.errors import InputError
from dosel.model.grid import Grid
from dosel.model.time import day_of


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """Settings of a simulated frontier; equal settings make equal worlds, bit for bit."""

    seed: int = 1
    name: str = "simulated-frontier"
    shape: tuple[int, int] = (300, 300)
    """Rows and columns."""
    crs: str = "EPSG:32719"
    resolution_m: float = 10.0
    origin: tuple[int, int] = (40_000, -858_500)
    """First pixel column and row over the whole projection (anchor 0, 0)."""
    start: int = day_of("2023-01-03")
    """Day number of the first look."""
    history_days: int = 730
    monitor_days: int = 150
    radar_repeat_days: int = 12
    """Repeat of each orbit direction; descending passes come 5 days after ascending ones."""
    optical_repeat_days: int = 5
    history_stride: int = 2
    """Only every n-th acquisition before monitoring is in the archive."""
    max_cloud: float = 0.85
    """Optical scenes with a greater share of cloud and shadow are not in the archive."""

    enl: int = 5
    """Equivalent number of looks of the gamma speckle."""
    speckle_correlation: float = 0.2
    """Correlation of the intensities of adjacent pixels, 0 to 0.25."""
    moisture_db: float = 0.45
    """Standard deviation of the pass offset that near passes of both directions share."""
    moisture_days: float = 6.0
    """Days after which the shared offset has lost all but 1/e of its correlation."""
    pass_db: float = 0.25
    """Standard deviation of the offset of each pass alone."""
    patch_db: float = 0.2
    """Standard deviation of smooth moisture patches within a pass."""
    season_db: float = 0.4
    """Amplitude of the annual harmonic of forest backscatter."""
    layover_share: float = 0.01
    """Share of pixels lost to layover and shadow in each orbit direction."""

    cloud_share: float = 0.55
    """Mean share of cloud over the year."""
    cloud_season: float = 0.2
    """Amplitude of the share over the year (wettest in January)."""
    mask_miss_share: float = 0.04
    """Share of cloud and shadow pixels that the scene classification calls clear."""
    processing_baseline: str = "05.10"
    """Sentinel-2 processing baseline; from 04.00 on stored numbers carry an offset of 1000."""

    river_width_px: float = 12.0
    """0 makes a world without a river (and without floods and migration)."""
    river_migration_px_year: float = 3.0
    roads: int = 3
    """One main road and side roads; 0 makes a world without roads."""
    old_clearings_ha: tuple[float, ...] = (6.0, 3.0, 2.0, 1.0)
    open_patches_ha: tuple[float, ...] = (2.0, 1.0)
    """Natural open land."""

    clearings_ha: tuple[float, ...] = (5.0, 2.5, 1.5, 1.0, 1.0, 0.5, 0.5, 0.25, 0.1)
    mining_ponds_ha: tuple[float, ...] = (1.0, 0.4)
    logging_gaps_ha: tuple[float, ...] = (0.06, 0.04, 0.03)
    fires_ha: tuple[float, ...] = (3.0, 1.0)
    moisture_dips_ha: tuple[float, ...] = (20.0, 10.0)
    leaf_off_ha: tuple[float, ...] = (15.0,)
    flood: bool = True
    events_until_days: int = 100
    """Events begin between 5 and so many days after the start of monitoring."""

    clearing_vh_db: float = -1.8
    """Mean drop of VH over a clearing."""
    clearing_spread_db: float = 0.5
    """Spread of that drop between clearings, and again between pixels of one."""

    def __post_init__(self) -> None:
        rows, cols = self.shape
        if rows < 16 or cols < 16:
            raise InputError(f"shape: expected at least 16 by 16 pixels, got {rows} by {cols}")
        if self.enl < 1 or self.history_stride < 1:
            raise InputError("enl and history_stride: expected whole numbers from 1")
        if not 0 <= self.speckle_correlation <= 0.25:
            raise InputError(f"speckle_correlation: expected 0 to 0.25, got {self.speckle_correlation}")
        if self.events_until_days > self.monitor_days:
            raise InputError("events_until_days: expected at most monitor_days")

    @property
    def monitor_start(self) -> int:
        """Day number from which looks are monitored; looks before are history."""
        return self.start + self.history_days

    @property
    def stop(self) -> int:
        """Day number after the last possible look."""
        return self.monitor_start + self.monitor_days

    @property
    def pixel_ha(self) -> float:
        """Nominal hectares of a pixel."""
        return self.resolution_m**2 / 10_000.0

    @property
    def grid(self) -> Grid:
        """The pixel grid of the world."""
        col, row = self.origin
        rows, cols = self.shape
        return Grid(self.name, self.crs, self.resolution_m, (0.0, 0.0), (col, row, col + cols, row + rows))

    def pixels(self, area_ha: float) -> int:
        """Return the number of pixels of an area, at least 1."""
        return max(1, round(area_ha / self.pixel_ha))


def small(seed: int = 1, **changes: object) -> WorldSpec:
    """Return the settings of a small world for tests: 96 x 96 px, one year of history."""
    spec = WorldSpec(
        seed=seed,
        shape=(96, 96),
        history_days=365,
        river_width_px=6.0,
        roads=1,
        old_clearings_ha=(1.0,),
        open_patches_ha=(0.5,),
        clearings_ha=(1.0, 0.5, 0.1),
        mining_ponds_ha=(0.3,),
        logging_gaps_ha=(0.04,),
        fires_ha=(0.5,),
        moisture_dips_ha=(3.0,),
        leaf_off_ha=(2.0,),
    )
    return replace(spec, **changes)  # type: ignore[arg-type]  # names are checked by replace itself


def plain_forest(spec: WorldSpec) -> WorldSpec:
    """Return `spec` with forest alone: no river, roads, openings, events or disturbances."""
    return replace(
        spec,
        river_width_px=0.0,
        roads=0,
        old_clearings_ha=(),
        open_patches_ha=(),
        clearings_ha=(),
        mining_ponds_ha=(),
        logging_gaps_ha=(),
        fires_ha=(),
        moisture_dips_ha=(),
        leaf_off_ha=(),
        flood=False,
    )
