"""The catalogue of dyadic models: actor and partner effects, mediation, common fate, measures."""
