"""The company of this installation as pages need it: asked for once in a request."""

from flask import g

from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile
from procurement.web.transactions import read


def current_company() -> CompanyProfile:
    if "company" not in g:
        with read() as session:
            g.company = get_company(session)
    company: CompanyProfile = g.company
    return company
