"""How reliable scores are: between persons, between partners, and within persons over days."""
