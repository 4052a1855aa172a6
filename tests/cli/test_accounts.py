"""`accounts` on the command line."""

from procurement.accounts.operations.tokens import account_by_token
from procurement.accounts.queries import account_by_email
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.web.setup import setup_code
from tests.builders import a_company
from tests.sales.stories import a_customer

GOOD = "lavender fields at noon\n"


def run(app, *words, typed=None):
    return app.test_cli_runner().invoke(args=["accounts", *words], input=typed)


def create(app, email, role, *more, typed=GOOD):
    words = (email, "--role", role, *more, "--password-stdin")
    return run(app, "create-user", *words, typed=typed)


def test_every_role_can_be_created(app):
    for role in Role:
        assert create(app, f"{role}@example.com", role.value).exit_code == 0
    with app.extensions["uow"].read() as session:
        assert account_by_email(session, "sales@example.com").roles == {Role.SALES}


def test_refusals_are_one_line_and_exit_1(app):
    create(app, "ana@example.com", "sales")
    for email, typed in (
        ("ana@example.com", GOOD),
        ("nonsense", GOOD),
        ("b@example.com", "short\n"),
    ):
        answer = create(app, email, "sales", typed=typed)
        assert answer.exit_code == 1
        assert answer.output.startswith("Error: ")
        assert answer.output.count("\n") == 1


def test_a_wholesale_buyer_belongs_to_the_customer_named(app):
    with app.extensions["uow"].write() as session:
        a_company(session)
        customer_id = a_customer(session, "LINDEN").id
    made = create(app, "buyer@linden.example", "wholesale_buyer", "--customer", "LINDEN")
    assert made.exit_code == 0
    assert "for LINDEN" in made.output
    with app.extensions["uow"].read() as session:
        account = account_by_email(session, "buyer@linden.example")
    assert account.customer_id == account.actor.customer_id == customer_id


def test_a_customer_nobody_knows_and_a_customer_of_staff_are_refused(app):
    with app.extensions["uow"].write() as session:
        a_company(session)
        a_customer(session, "LINDEN")
    for role, code, why in (
        ("wholesale_buyer", "NOBODY", "no customer NOBODY"),
        ("sales", "LINDEN", "Only a wholesale buyer"),
    ):
        answer = create(app, "b@example.com", role, "--customer", code)
        assert answer.exit_code == 1
        assert why in answer.output
    with app.extensions["uow"].read() as session:
        assert account_by_email(session, "b@example.com") is None


def test_a_token_stands_alone_on_standard_output(app):
    create(app, "ana@example.com", "sales")
    answer = run(app, "create-token", "ANA@example.com")
    token = answer.stdout.strip()
    assert answer.stdout == f"{token}\n"
    with app.extensions["uow"].read() as session:
        assert account_by_token(session, token, at=utc_now()).email == "ana@example.com"
    assert run(app, "create-token", "nobody@example.com").exit_code == 1


def test_the_set_up_page_opens_with_its_code_and_closes_behind_the_first(app, client):
    code = run(app, "setup-code").stdout.strip()
    assert code == setup_code(app.secret_key)
    typed = {"code": "wrong", "name": "Ada", "email": "ada@example.com"}
    typed |= {"password": "lavender fields at noon", "again": "lavender fields at noon"}
    refused = client.post("/setup", data=typed)
    assert refused.status_code == 422
    assert "not the code" in refused.text
    assert client.post("/setup", data=typed | {"code": code.upper()}).status_code == 303
    assert client.get("/setup").status_code == 404
    assert client.post("/setup", data=typed | {"code": code}).status_code == 404
    assert run(app, "setup-code").exit_code == 1
    answer = client.post(
        "/sign-in", data={"email": "ada@example.com", "password": typed["password"]}
    )
    assert answer.headers["Location"] == "/start"
