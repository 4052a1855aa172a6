"""Static files keep for ever under an address that changes with them."""

import pytest
from flask import Flask

from procurement.web.assets import Assets, install_assets


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.css").write_text("body { color: black }")
    return tmp_path


def test_a_file_is_served_and_may_be_kept_for_ever(folder):
    app = Flask("example", static_folder=None)
    assets = install_assets(app, folder)
    answer = app.test_client().get(assets.url("css/a.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.text == "body { color: black }"
    answer.close()


def test_the_address_changes_with_any_file(folder):
    before = Assets(folder).url("css/a.css")
    (folder / "b.js").write_text("1")
    assert Assets(folder).url("css/a.css") != before


def test_a_linked_vendor_folder_counts_too(folder, tmp_path_factory):
    vendor = tmp_path_factory.mktemp("vendor")
    (vendor / "lib.js").write_text("1")
    (folder / "vendor").symlink_to(vendor)
    before = Assets(folder).version
    (vendor / "lib.js").write_text("2")
    assert Assets(folder).version != before
    assert Assets(folder).has("vendor/lib.js")


def test_a_missing_file_is_an_error_when_the_page_is_made(folder):
    assets = Assets(folder)
    assert not assets.has("css/b.css")
    with pytest.raises(FileNotFoundError, match=r"css/b\.css"):
        assets.url("css/b.css")


@pytest.mark.parametrize("path", ["../config.py", "css/../../config.py", "nothing.css"])
def test_nothing_outside_the_folder_is_served(folder, path):
    app = Flask("example", static_folder=None)
    assets = install_assets(app, folder)
    assert app.test_client().get(assets.prefix + path).status_code == 404
