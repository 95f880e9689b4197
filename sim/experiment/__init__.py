"""Floor 8: replications, their statistics, studies that compare scenarios, and the folder a study leaves."""

from sim.experiment.design import default_folder, design_study
from sim.experiment.study import Study, load, run

__all__ = ["Study", "default_folder", "design_study", "load", "run"]
