"""A cache for parsed files that doesn't keep the content of the files."""

import hashlib
from collections.abc import Callable
from typing import Generic, TypeVar

Reading = TypeVar("Reading")


class DigestCache(Generic[Reading]):
    """The latest results, by the SHA-256 of the content.

    `functools.lru_cache` would keep the content as its key: secrets, for as long as sfcred runs.

    Args:
        size: The number of results to keep. The least recently used one is dropped first.
    """

    __slots__ = ("_readings", "_size")

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._readings: dict[bytes, Reading] = {}

    def recall(self, content: bytes, read: Callable[[], Reading]) -> Reading:
        """Return the stored result for `content`, or store and return what `read` returns."""
        digest = hashlib.sha256(content).digest()
        reading = self._readings.pop(digest, None)
        if reading is None:
            reading = read()
        self._readings[digest] = reading
        if len(self._readings) > self._size:
            del self._readings[next(iter(self._readings))]
        return reading

    def __len__(self) -> int:
        return len(self._readings)
