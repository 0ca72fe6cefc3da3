"""How dates are written where Django writes them in another way, by language (FORMAT_MODULE_PATH)."""
