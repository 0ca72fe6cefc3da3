"""What comes in, read strictly and refused in words. The lowest room: it knows none of the others."""
