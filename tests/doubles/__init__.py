"""Stand-ins for the outside world: they speak the real protocols on this machine."""
