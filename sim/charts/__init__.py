"""Floor 9: charts, each a function of a study. `sim.charts.catalogue` lists them; this module stays light."""
