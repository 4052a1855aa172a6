"""For load balancers and watchdogs: whether the process is alive, and whether it can serve."""

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from procurement.kernel.migrations import is_current
from procurement.kernel.unit_of_work import UnitOfWork

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    uow: UnitOfWork = current_app.extensions["uow"]
    try:
        migrated = is_current(uow.engine)
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="unreachable"), 503
    if not migrated:
        return jsonify(status="unavailable", database="not migrated"), 503
    return jsonify(status="ok", database="ok"), 200
