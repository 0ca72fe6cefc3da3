"""Messages between a patient and the care team. Slow on purpose: no live chat, and nobody watches it."""
