"""flask --app wsgi CONTEXT VERB."""
