"""How a store of an older schema becomes one of this; applied when a store is opened."""
