"""Floor 2: the nouns of the model: flights, draws, facts, stages, pools, plan, timeline, measures, features."""
