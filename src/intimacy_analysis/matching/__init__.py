"""Does it matter how well two scores match? Surfaces, profiles, truth and bias."""
