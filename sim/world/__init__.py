"""Floor 1: what is there before any policy: sides and boundary, sites, corridors, aircraft.

Every figure is read from `data/` with its source. Geometry is computed on first use: importing this
floor loads no geometry library.
"""
