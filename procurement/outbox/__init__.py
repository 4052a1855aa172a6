"""Mail as rows written in the business transaction, sent afterwards."""
