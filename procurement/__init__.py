"""Stillroom: inventory and procurement for massage products."""
