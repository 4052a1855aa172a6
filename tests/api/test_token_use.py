"""Whoever holds a token sees when it was last used; a program's reading writes nothing itself."""

from procurement.accounts.queries import account_by_email, tokens_of


def last_used(app, program):
    with app.extensions["uow"].read() as session:
        (token,) = tokens_of(session, account_by_email(session, program.email).id)
        return token.last_used_at


def test_the_use_of_a_token_is_noticed_after_the_request(app, program):
    notebook = app.extensions["notebook"]
    api, idle = program(), program()
    assert api.get("/sites").status_code == 200
    assert last_used(app, api) is None
    notebook.write_down()
    first = last_used(app, api)
    assert first is not None
    assert api.get("/sites").status_code == 200
    assert notebook.write_down() == 0, "at most once a minute"
    assert (last_used(app, api), last_used(app, idle)) == (first, None)
