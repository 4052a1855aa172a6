"""Vocabulary without a domain: money, quantities, actors, errors, the transaction. Imports nothing of ours."""
