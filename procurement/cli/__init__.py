"""The command line: `flask --app wsgi <context> <verb>`. One module for each group; a new one is named here."""

from flask import Flask

from procurement.cli import accounts, catalogue, database, demo, purchasing, server, stock

GROUPS = [
    accounts.group,
    catalogue.group,
    database.group,
    demo.group,
    purchasing.group,
    server.group,
    stock.group,
]


def register(app: Flask) -> None:
    for group in GROUPS:
        app.cli.add_command(group)
