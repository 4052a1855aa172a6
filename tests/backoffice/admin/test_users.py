"""People are invited, changed, let go and taken back."""

import re

from procurement.accounts.queries import account_by_email, account_by_id
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from tests.doors import sign_in

BO = {"name": "Bo", "email": "Bo@Example.com", "roles": ["therapist"]}


def bo(app):
    with app.extensions["uow"].read() as session:
        return account_by_email(session, "bo@example.com")


def last_mail(app):
    with app.extensions["uow"].read() as session:
        return session.query(Message).order_by(Message.id.desc()).first()


def link_in(mail):
    return re.search(r"/invitation/\S+", mail.body)[0]


def test_an_invited_person_chooses_a_password_once(app, client):
    sign_in(client)
    assert client.post("/settings/people/invite", data=BO).status_code == 303
    link = link_in(last_mail(app))
    guest = app.test_client()
    assert "Bo" in guest.get(link).text
    weak = {"password": "short", "again": "short"}
    assert guest.post(link, data=weak).status_code == 422
    unlike = {"password": "chamomile and rain", "again": "chamomile and snow"}
    assert "not the same" in guest.post(link, data=unlike).text
    good = {"password": "chamomile and rain", "again": "chamomile and rain"}
    assert guest.post(link, data=good).status_code == 303
    assert guest.post(link, data=good).status_code == 404
    signed_in = guest.post(
        "/sign-in", data={"email": "bo@example.com", "password": good["password"]}
    )
    assert signed_in.headers["Location"] == "/start"


def test_the_same_address_is_refused_in_any_spelling(client):
    sign_in(client)
    client.post("/settings/people/invite", data=BO)
    answer = client.post("/settings/people/invite", data=BO | {"email": "BO@example.com"})
    assert answer.status_code == 422
    assert "already" in answer.text


def test_a_password_link_ends_open_sessions(app, client):
    sign_in(client)
    client.post("/settings/people/invite", data=BO)
    other = app.test_client()
    good = {"password": "chamomile and rain", "again": "chamomile and rain"}
    other.post(link_in(last_mail(app)), data=good)
    other.post("/sign-in", data={"email": "bo@example.com", "password": good["password"]})
    assert other.get("/profile").status_code == 200
    client.post("/settings/people/bo@example.com/password-link")
    assert other.get("/profile").status_code == 303
    assert other.get(link_in(last_mail(app))).status_code == 200


def test_roles_change_and_the_history_says_so(app, client):
    sign_in(client)
    client.post("/settings/people/invite", data=BO)
    page = "/settings/people/bo@example.com"
    assert (
        client.post(page, data={"name": "Bo", "roles": ["sales", "purchaser"]}).status_code == 303
    )
    assert bo(app).roles == {Role.SALES, Role.PURCHASER}
    assert "purchaser, sales" in client.get(page).text
    mixed = client.post(page, data={"name": "Bo", "roles": ["sales", "wholesale_buyer"]})
    assert mixed.status_code == 422
    assert client.post(page, data={"name": "Bo", "roles": ["emperor"]}).status_code == 422
    assert client.post(page, data={"name": "Bo"}).status_code == 422


def test_switching_off_and_on(app, client):
    sign_in(client)
    client.post("/settings/people/invite", data=BO)
    client.post("/settings/people/bo@example.com/off")
    assert not bo(app).active
    client.post("/settings/people/bo@example.com/on")
    assert bo(app).active


def test_the_last_administrator_stays(app, client):
    me = sign_in(client)
    with app.extensions["uow"].read() as session:
        mine = account_by_id(session, me).email
    assert client.post(f"/settings/people/{mine}/off").status_code == 409
    answer = client.post(f"/settings/people/{mine}", data={"name": "Me", "roles": ["sales"]})
    assert answer.status_code == 422
    assert "must remain an administrator" in answer.text


def test_an_unknown_account_is_not_there(client):
    sign_in(client)
    assert client.get("/settings/people/nobody@example.com").status_code == 404
    assert client.post("/settings/people/nobody@example.com/off").status_code == 404


def test_people_as_a_file(client):
    sign_in(client)
    client.post("/settings/people/invite", data=BO | {"name": "=1+1"})
    text = client.get("/settings/people?format=csv").data.decode("utf-8-sig")
    assert "'=1+1,bo@example.com,therapist,invited" in text


def test_a_mail_is_readable_and_lists_by_state(client):
    sign_in(client)
    client.post("/settings/people/invite", data=BO)
    assert "Your account at Your spa" in client.get("/settings/mail").text
    assert "No mail here" in client.get("/settings/mail?status=sent").text
    assert client.get("/settings/mail?status=lost").status_code == 404
    assert "within seven days" in client.get("/settings/mail/1").text
    assert client.get("/settings/mail/99").status_code == 404
    assert client.get("/settings/mail/1/attachment").status_code == 404
    assert client.get("/settings/mail?format=xlsx").status_code == 200
    assert client.get("/settings/mail?cursor=rubbish").status_code == 404


def test_ones_own_tokens(app, client):
    sign_in(client, Role.SALES)
    answer = client.post("/profile/tokens", data={"label": "Till"})
    token = re.search(r"stillroom_[\w-]{40,}", answer.text)[0]
    assert token not in client.get("/profile").text
    assert token[:16] in client.get("/profile").text
    call = {"Authorization": f"Bearer {token}"}
    api = app.test_client()
    assert api.get("/api/v1/locations", headers=call).status_code == 200
    past = client.post("/profile/tokens", data={"label": "Old", "until": "2020-01-01"})
    assert past.status_code == 422
    client.post("/profile/tokens/1/revoke")
    assert api.get("/api/v1/locations", headers=call).status_code == 401


def test_somebody_elses_token_is_not_there(app, client):
    sign_in(client, Role.SALES)
    client.post("/profile/tokens", data={"label": "Till"})
    other = app.test_client()
    sign_in(other)
    assert other.post("/profile/tokens/1/revoke").status_code == 404
