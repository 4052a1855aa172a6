"""The one row that makes planning runs follow one another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Name, PrimaryKey


class PlanningRun(Base):
    """The latest run. A run changes this row first, so that the next one waits until its drafts can be seen."""

    __tablename__ = "planning_run"

    id: Mapped[PrimaryKey]
    runs: Mapped[int] = mapped_column(Integer)
    ran_at: Mapped[datetime]
    ran_by: Mapped[Name]

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
