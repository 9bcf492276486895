"""Validate the documents of a file, apply their profiles, and locate every error."""

import re
from collections.abc import Collection
from typing import NamedTuple

from pydantic import ValidationError

from sfcred.spec import limits
from sfcred.spec.fields import NAME_PATTERN
from sfcred.spec.foreign import recognize
from sfcred.spec.messages import SchemaError, further_errors, missing_field, schema_error
from sfcred.spec.model import Spec
from sfcred.spec.overlay import apply_profile
from sfcred.spec.quotes import typographic_quotes
from sfcred.spec.required import REQUIRED
from sfcred.spec.source import Fault, Node, Source
from sfcred.text.printable import one_line
from sfcred.text.redact import redact


class Variant(NamedTuple):
    """A spec as one credential uses it: as it is, or with one profile applied."""

    profile: str | None
    spec: Spec
    node: Node


class Declaration:
    """One document of a file, as far as it could be validated.

    Attributes:
        source: The file.
        node: The document's root.
        index: Which document of the file, from 0.
        errors: The schema errors. If there are any, there are no variants.
        variants: One per profile, or a single one if the spec has no profiles.
    """

    __slots__ = ("_budget", "errors", "index", "node", "source", "variants")

    def __init__(self, source: Source, index: int, budget: "_Budget") -> None:
        self.source = source
        self._budget = budget
        self.index = index
        self.node = source.documents[index]
        self.errors: list[SchemaError] = []
        self.variants: list[Variant] = []
        self._understand()

    @property
    def name(self) -> str:
        """The spec's name, or a substitute if it has no name that may be shown."""
        node = self.node.find(("name",))
        name = node.value if node is not None else None
        if isinstance(name, str) and re.fullmatch(NAME_PATTERN, name):
            return name
        return one_line(redact(f"{self.source.path.stem}#{self.index + 1}"))

    @property
    def profiles(self) -> list[str]:
        """The names of its profiles; empty where it can't be understood."""
        return [variant.profile for variant in self.variants if variant.profile is not None]

    def _understand(self) -> None:
        spec = self._validate(self.node)
        if spec is None:
            return
        profiles = list(spec.profiles or (None,))
        self._budget.spend(len(profiles), self.node)
        variants = [self._variant(spec, profile) for profile in profiles]
        self._refuse([error for variant in variants for error in _incomplete(variant)])
        if not self.errors:
            self.variants = variants

    def _refuse(self, errors: list[SchemaError], further: int = 0) -> None:
        """Keep errors up to a limit, and count the others."""
        further += len(errors[limits.SCHEMA_ERRORS :])
        self.errors += errors[: limits.SCHEMA_ERRORS]
        self._budget.errors -= len(self.errors)
        if further:
            self.errors.append(further_errors(further))

    def _variant(self, spec: Spec, profile: str | None) -> Variant:
        if profile is None:
            return Variant(None, spec, self.node)
        node = apply_profile(self.node, profile)
        return Variant(profile, Spec.model_validate(node.data()), node)

    def _validate(self, node: Node) -> Spec | None:
        if not isinstance(node.value, dict):
            hint = "Write lines of the form `name: value`, starting with `version: 1`."
            self.errors.append(
                SchemaError("schema", "a spec must be a mapping of names to values", hint, ())
            )
            return None
        if quoted := typographic_quotes(node):
            self._refuse(quoted)
            return None
        try:
            return Spec.model_validate(node.data())
        except ValidationError as error:
            # Leave out the input: it can contain an inline secret.
            found = error.errors(include_input=False, include_url=False)
            if len(found) > limits.SCHEMA_ERRORS:  # literal secrets are always listed
                found.sort(key=lambda details: details["type"] != "literal_secret")
            listed = found[: limits.SCHEMA_ERRORS]
            self._refuse([schema_error(one, node) for one in listed], len(found) - len(listed))
            return None


class SpecFile:
    """A file of specs: its source, and its documents as far as they could be validated.

    Attributes:
        foreign: What the file is, if it is something else. It then has no declarations and no
            faults, but it is misread if it should have been a spec.
    """

    __slots__ = ("declarations", "foreign", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.declarations: list[Declaration] = []
        self.foreign = recognize(source)
        if self.foreign is not None:
            source.faults.clear()
            return
        budget = _Budget()
        try:
            for index in range(len(source.documents)):
                budget.refuse_more_errors(source.documents[index])
                self.declarations.append(Declaration(source, index, budget))
        except _Exceeded as limit:
            source.faults.append(limit.fault)

    @property
    def is_misread(self) -> bool:
        """Whether something in it could not be understood."""
        if self.foreign is not None:
            return self.foreign.is_spec
        return bool(self.source.faults) or not all(one.variants for one in self.declarations)

    def keep_only(self, names: Collection[str]) -> None:
        """Forget the declarations with other names."""
        self.declarations = [one for one in self.declarations if one.name in names]

    def keep_others(self, names: Collection[str]) -> None:
        """Forget the declarations with these names."""
        self.declarations = [one for one in self.declarations if one.name not in names]

    def declaration(self, index: int) -> Declaration:
        """Return the declaration of the file's document with this index."""
        return next(one for one in self.declarations if one.index == index)


class _Exceeded(Exception):
    """The documents of a file exceed a limit, starting with this one."""

    def __init__(self, message: str, hint: str, node: Node) -> None:
        super().__init__(message)
        self.fault = Fault("syntax", message, hint, node.place)


class _Budget:
    """What is left of a file's limits. Profiles multiply the size of a document."""

    def __init__(self) -> None:
        self.credentials = limits.CREDENTIALS
        self.nodes = limits.FILE_NODES
        self.text = limits.TEXT
        self.errors = limits.FINDINGS

    def spend(self, credentials: int, spec: Node) -> None:
        """Subtract what the credentials of a document need.

        Raises:
            _Exceeded: They need more than is left.
        """
        profiles = spec.find(("profiles",))
        apart = (profiles.size, profiles.weight) if profiles is not None else (0, 0)
        self.credentials -= credentials
        self.nodes -= apart[0] + credentials * (spec.size - apart[0])
        self.text -= apart[1] + credentials * (spec.weight - apart[1])
        if self.credentials < 0:
            message = f"has more than {limits.CREDENTIALS} credentials, counting each profile"
            raise _Exceeded(message, "Split it into several files.", spec)
        if self.nodes < 0 or self.text < 0:
            message = "becomes too large when its profiles are applied: more than "
            message += f"{limits.FILE_NODES} values, or 4 MB of text"
            hint = "Shorten the spec and its profiles, or split the file."
            raise _Exceeded(message, hint, spec)

    def refuse_more_errors(self, spec: Node) -> None:
        """Stop if a file has too many schema errors.

        Raises:
            _Exceeded: The limit is reached.
        """
        if self.errors <= 0:
            message = f"has more than {limits.FINDINGS} wrong fields and values; "
            message += "the rest was not checked"
            raise _Exceeded(message, "Fix the findings above first.", spec)


def _incomplete(variant: Variant) -> list[SchemaError]:
    missing = [name for name in REQUIRED if getattr(variant.spec, name) is None]
    return [missing_field(name, variant.profile) for name in missing]
