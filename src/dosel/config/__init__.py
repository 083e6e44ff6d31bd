"""Settings: one typed table, one file a part of it; read once and passed down."""

from dosel.config.feed import FeedSettings
from dosel.config.settings import (
    SETTINGS_FILE,
    AreaSettings,
    MaskSettings,
    MonitorSettings,
    ResourceSettings,
    SensorSettings,
    Settings,
    SourceSettings,
    load_settings,
    parse_settings,
)

__all__ = [
    "SETTINGS_FILE",
    "AreaSettings",
    "FeedSettings",
    "MaskSettings",
    "MonitorSettings",
    "ResourceSettings",
    "SensorSettings",
    "Settings",
    "SourceSettings",
    "load_settings",
    "parse_settings",
]
