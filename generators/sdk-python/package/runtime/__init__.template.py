"""How calls are made; the same in every SDK."""
