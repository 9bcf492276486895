"""The part of an n8n's environment that sfcred reads, with what could not be determined."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sfcred.errors import Cause, NotKnown
from sfcred.n8n.callback import VARIABLES
from sfcred.n8n.settings import MODE, SAMESITE, SKIP_AUTH

_PLAIN = frozenset({*VARIABLES, MODE, SAMESITE, SKIP_AUTH})
#: n8n can read a setting from a file that this variable names (@n8n/config, 2.40.5).
FILE_FORM = "_FILE"
#: Every variable that is kept. All others, which include secrets, are dropped.
NAMES = _PLAIN | {f"{name}{FILE_FORM}" for name in _PLAIN}


class Unknown(NamedTuple):
    """Why a value can't be determined, and what to do about it."""

    reason: str
    hint: str
    cause: Cause = Cause.UNREADABLE


Value = str | Unknown

#: What helps whenever the environment doesn't tell n8n's address.
STATE_URL = "Set n8n.url in the spec to n8n's public address."
#: The other way, if a part of the file can't be understood: n8n.url alone doesn't make up for it.
OR_LEAVE_OUT = "or set n8n.url in the spec and remove n8n.env_file from it."
WRITE_OUT = f"Write the value out in the file, {OR_LEAVE_OUT}"


class Environment(Mapping[str, str]):
    """The environment of one n8n. Getting a value that isn't known raises NotKnown.

    Args:
        shown: The file's path as written in the spec.
        values: The variables in NAMES that are set.
        rest: Why a variable that isn't among them can still be set; None if it certainly isn't.
        files: The environment files that these variables are also from, as a compose file names
            them.

    Attributes:
        whole: What a compose file gives n8n that uses this file for it; None if none does.
    """

    whole: "Environment | None" = None

    def __init__(
        self,
        shown: str,
        values: Mapping[str, Value],
        rest: Unknown | None = None,
        files: frozenset[str] = frozenset(),
    ) -> None:
        self.shown = shown
        self.files = files
        self._values = {name: value for name, value in values.items() if name in NAMES}
        self._rest = rest
        for name in _PLAIN - self._values.keys():
            if self._values.get(f"{name}{FILE_FORM}"):
                reason = f"{name}{FILE_FORM} names a file that n8n reads {name} from"
                self._values[name] = Unknown(f"{reason}, and sfcred doesn't", WRITE_OUT)

    @property
    def is_open(self) -> bool:
        """Whether a variable that isn't among them can still be set."""
        return self._rest is not None

    def __getitem__(self, name: str) -> str:
        value = self._values.get(name, self._rest)
        if value is None:
            raise KeyError(name)
        if isinstance(value, Unknown):
            reason = f"n8n's environment file {self.shown}: {value.reason}"
            raise NotKnown(reason, hint=value.hint, cause=value.cause)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
