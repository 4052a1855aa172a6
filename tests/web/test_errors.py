"""What goes wrong, and what people are told."""

import io
import logging

import pytest
from flask import Flask, request
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from procurement.settings.models import Company
from procurement.web.doors import Audience, Door
from procurement.web.transactions import read, write


@pytest.fixture
def app(own_app):
    """Pages are added to it here: no other test may see them."""
    return own_app


def page(app: Flask, view, path="/x", methods=("GET", "POST")) -> None:
    door = Door(f"door{len(app.blueprints)}", __name__, audience=Audience.PUBLIC)
    door.add_url_rule(path, "view", view, methods=list(methods))
    app.register_blueprint(door)


def failing(error: Exception):
    def view():
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("Not here."), 404),
        (Forbidden("Not you."), 403),
        (Conflict("Only 3 left."), 409),
        (Invalid("Too long.", field="name"), 422),
        (Unavailable("Later."), 503),
    ],
)
def test_each_family_has_its_page_with_its_words(app, client, error, status):
    page(app, failing(error))
    answer = client.get("/x")
    assert answer.status_code == status
    assert error.message in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_a_fault_of_ours_is_logged_and_shows_nothing_of_its_inside(app, client, caplog):
    page(app, failing(RuntimeError("secret detail")))
    with caplog.at_level(logging.ERROR):
        answer = client.get("/x")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" in caplog.text


def test_an_integer_too_large_for_the_driver_is_refused_and_logged(app, client, caplog):
    def huge():
        with read() as session:
            return str(session.get(Company, 2**70))

    page(app, huge)
    answer = client.get("/x")
    assert answer.status_code == 422
    assert "out of range" in answer.text
    assert "unchecked" in caplog.text


def test_a_nul_in_a_query_is_no_server_error(app, client):
    assert client.get("/catalogue/%00").status_code < 500
    assert client.get("/pictures/%00/400.webp").status_code == 404


def test_a_constraint_nobody_has_words_for_is_a_conflict_and_logged(app, client, caplog):
    def view():
        with write() as session:
            session.execute(text("UPDATE company SET quote_validity_days = 0"))

    page(app, view)
    assert client.post("/x").status_code == 409
    assert "unregistered constraint" in caplog.text


class Deadlock(Exception):
    sqlstate = "40P01"


def busy():
    return OperationalError("UPDATE balance", {}, Deadlock("deadlock detected"))


def test_a_deadlock_runs_the_whole_request_again_with_its_body(app, client):
    seen = []

    def view():
        with write() as session:
            name = request.form["name"]
            session.execute(text("UPDATE company SET name = name || :n").bindparams(n=name))
            session.flush()
            seen.append(name)
            if len(seen) < 3:
                raise busy()
        return "done"

    page(app, view)
    answer = client.post("/x", data={"name": "!"})
    assert (answer.status_code, answer.text) == (200, "done")
    assert seen == ["!", "!", "!"]
    with app.extensions["uow"].read() as session:
        assert session.get_one(Company, 1).name == "Your spa!", "one effect"


def test_a_file_is_there_again_at_the_second_attempt(app, client):
    seen = []

    def view():
        seen.append(request.files["file"].read())
        if len(seen) < 2:
            raise busy()
        return "done"

    page(app, view)
    content = b"x" * 300_000
    assert client.post("/x", data={"file": (io.BytesIO(content), "f")}).text == "done"
    assert seen == [content, content]


def test_endless_deadlocks_end_with_come_back_later(app, client):
    attempts = []

    def view():
        attempts.append(1)
        raise busy()

    page(app, view)
    answer = client.post("/x")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert len(attempts) == 4


def test_a_lost_connection_is_tried_again_only_with_a_key(app, client):
    attempts = []

    def view():
        attempts.append(1)
        raise OperationalError("COMMIT", {}, Exception("gone"), connection_invalidated=True)

    page(app, view)
    client.post("/x")
    assert len(attempts) == 1
    client.post("/x", headers={"Idempotency-Key": "k"})
    assert len(attempts) == 5


def test_a_request_too_large_is_refused(app, client):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = client.post("/sign-in", data={"email": "x" * 2000})
    assert answer.status_code == 413


def test_the_error_page_asks_the_database_nothing(app, client, monkeypatch):
    page(app, failing(RuntimeError("away")))
    app.extensions["uow"].engine.dispose()
    monkeypatch.setattr("procurement.web.transactions._unit_of_work", failing(RuntimeError("away")))
    assert client.get("/x").status_code == 500


def test_headers_say_what_browsers_may_do(client):
    answer = client.get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    nonce = policy.split("nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in answer.text
    assert client.get("/sign-in").headers["Content-Security-Policy"] != policy
