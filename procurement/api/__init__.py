"""JSON API v1: `endpoint.py` is the one way in, `resources/` say what there is, `schemas/` what it looks like."""
