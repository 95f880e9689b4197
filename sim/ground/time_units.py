"""Units of time in seconds, once for the whole package."""

MINUTE_S = 60.0
HOUR_S = 3600.0
DAY_S = 86400.0
HOURS_A_DAY = 24
