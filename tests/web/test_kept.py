"""What the queries of one request need several times is asked for once, and never stale."""

from procurement.settings.models import Company
from procurement.settings.queries import exchange_rates, get_company
from procurement.web.transactions import read, write
from tests.builders import a_company
from tests.queries import counted


def test_the_company_is_asked_for_once_until_the_request_writes(app):
    with app.app_context():
        with write() as session:
            a_company(session)
        with read() as session:
            get_company(session)
            exchange_rates(session)
        with counted(app.extensions["uow"].engine) as sent, read() as session:
            get_company(session)
            exchange_rates(session)
        assert sent == []
        with write() as session:
            session.get_one(Company, 1).name = "The Willow Rooms"
            session.flush()
            assert get_company(session).name == "The Willow Rooms"
        with read() as session:
            assert get_company(session).name == "The Willow Rooms"
    with app.app_context(), counted(app.extensions["uow"].engine) as sent, read() as session:
        get_company(session)
    assert len(sent) == 1
