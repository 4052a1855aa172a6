"""Refusals named as the request names things: operations know their own words, a body may nest them otherwise."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from procurement.kernel.errors import DomainError, FieldError, Invalid


@contextmanager
def named(fields: Mapping[str, str]) -> Iterator[None]:
    """Say `fields[name]` where the operation says `name`; other names are the request's own already."""
    try:
        yield
    except Invalid as error:
        raise Invalid.of(
            FieldError(fields.get(one.field, one.field), one.message) for one in error.errors
        ) from error
    except DomainError as error:
        error.field = fields.get(error.field, error.field)
        raise
