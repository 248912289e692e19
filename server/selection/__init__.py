"""Stage two: one installed model for each step."""
