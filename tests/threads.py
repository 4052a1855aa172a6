"""Several writers that start at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def at_once(workers: int, task: Callable[[int], T]) -> list[T]:
    """Run task(n) in so many threads; what each answered."""
    start = threading.Barrier(workers)

    def run(number: int) -> T:
        start.wait()
        return task(number)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(workers)))
