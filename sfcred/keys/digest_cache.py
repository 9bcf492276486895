"""What was read once is not read again, and the content itself is not kept to know that."""

import hashlib
from collections.abc import Callable
from typing import Generic, TypeVar

Reading = TypeVar("Reading")


class Memory(Generic[Reading]):
    """The last readings, by the SHA-256 of what was read.

    `functools.lru_cache` would hold the content as its key: secrets, for as long as sfcred runs.

    Args:
        size: How many readings are kept. The one that was used longest ago goes first.
    """

    __slots__ = ("_readings", "_size")

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._readings: dict[bytes, Reading] = {}

    def recall(self, content: bytes, read: Callable[[], Reading]) -> Reading:
        """The reading of `content`: the earlier one, else what `read` returns now."""
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
