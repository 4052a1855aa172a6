"""What a browser may keep of the application, and which pages may see."""

import json
import re

import pytest

from tests.doors import sign_in


@pytest.fixture
def database() -> str:
    return "sqlite"


def text_of(client, address: str) -> str:
    """A file, closed behind us; it has to be there."""
    with client.get(address) as answer:
        assert answer.status_code == 200, address
        return answer.get_data().decode(errors="replace")


def kept(client) -> dict:
    text = client.get("/sw.js").text
    return json.loads(re.search(r"self\.kept = (.*);", text)[1])


def test_the_worker_keeps_the_shell_and_its_files_and_all_are_there(client):
    known = kept(client)
    text = text_of(client, known["shell"])
    assert all(text_of(client, file) for file in known["files"])
    needed = set(re.findall(r'(?:href|src)="(/static/[^"#]+)"', text))
    assert needed - set(known["files"]) == set()


def test_a_script_that_the_app_imports_is_kept(client):
    files = set(kept(client)["files"])
    missing = []
    for file in [file for file in files if "/js/" in file]:
        for name in re.findall(r'(?:from|import)\(? ?"(\.[^"]+)"', text_of(client, file)):
            parts = [*file.split("/")[:-1], *name.split("/")]
            while ".." in parts:
                at = parts.index("..")
                del parts[at - 1 : at + 1]
            address = "/".join(part for part in parts if part != ".")
            if address not in files:
                missing.append((file, name))
    assert missing == []


def test_the_version_stands_still_until_something_changes_and_the_shell_names_nobody(client):
    before = kept(client)
    sign_in(client)
    client.set_cookie("theme", "dark")
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("ok", "Said to one person.")]
    assert kept(client) == before
    with client.session_transaction() as cookie:
        assert cookie["_flashes"]  # still to be shown, on a page
    shell = client.get("/count/shell").text
    assert "Administrator" not in shell
    assert "csrf" not in shell
    assert client.get("/sw.js").headers["Cache-Control"] == "no-cache"


def test_the_camera_and_the_reader_are_for_pages_that_scan(client):
    scans, plain = client.get("/count/shell").headers, client.get("/sign-in").headers
    assert "camera=(self)" in scans["Permissions-Policy"]
    assert "'wasm-unsafe-eval'" in scans["Content-Security-Policy"]
    assert "camera=()" in plain["Permissions-Policy"]
    assert "wasm" not in plain["Content-Security-Policy"]


def test_the_application_can_be_installed(client):
    answer = client.get("/app.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    described = answer.get_json(force=True)
    assert described["start_url"] == "/count/"
    assert {icon["sizes"] for icon in described["icons"]} == {"192x192", "512x512"}
    for icon in described["icons"]:
        with client.get(icon["src"]) as picture:
            assert picture.mimetype == "image/png"


def test_the_phone_learns_whose_session_it_is(client):
    assert client.get("/count/session.json").status_code == 401
    number = sign_in(client)
    said = client.get("/count/session.json").get_json()
    assert said["user"] == {"key": str(number), "name": "Administrator"}
    assert said["csrf"]
