"""A credential: the object that checks examine and targets render."""

from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sfcred.errors import Cause, NotKnown, ReadError, SecretNotHere, SecretUnavailable
from sfcred.n8n.callback import Callback
from sfcred.n8n.credential_types import GENERIC, JWT, OAUTH2
from sfcred.paths import is_inside, join_local, lies_outside, plain_join, working_folder
from sfcred.resolve.authority import Authority, decide_authority
from sfcred.resolve.context import Context
from sfcred.resolve.environment.model import Environment
from sfcred.resolve.flow import FlowDecision, decide_flow
from sfcred.resolve.key_files import how_to_create
from sfcred.resolve.n8n_side import (
    N8nSide,
    decide_n8n_side,
    environment_callback,
    url_callbacks,
)
from sfcred.resolve.values import Values
from sfcred.spec.load import Declaration, Variant
from sfcred.spec.model import App, Flow, Spec
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route, route_text
from sfcred.text.printable import labelled
from sfcred.text.shell import for_shell, with_profile

if TYPE_CHECKING:
    from sfcred.keys.certificate import Certificate, UnusableCertificate
    from sfcred.keys.private_key import PrivateKey, UnusableKey

#: The fields that can be references, by the flow that needs them.
_FIELDS: dict[Flow, tuple[Route, ...]] = {
    "oauth2": (("client_id",), ("oauth2", "client_secret"), ("oauth2", "refresh_token")),
    "jwt": (("client_id",), ("jwt", "username"), ("jwt", "private_key")),
    "client_credentials": (
        ("client_id",),
        ("client_credentials", "client_secret"),
        ("client_credentials", "run_as"),
    ),
}
#: The Salesforce user that n8n acts as, and the Consumer Secret, by the flow that names them.
_USERNAME: dict[Flow, Route] = {
    "jwt": ("jwt", "username"),
    "client_credentials": ("client_credentials", "run_as"),
}
_SECRET: dict[Flow, Route] = {
    "oauth2": ("oauth2", "client_secret"),
    "client_credentials": ("client_credentials", "client_secret"),
}
#: What stays here: n8n doesn't get it.
_NOT_FOR_N8N: frozenset[Route] = frozenset({("client_credentials", "run_as")})


class Credential:
    """A spec with a profile applied and its flow decided.

    Values and files are read when first needed, and only once. If something can't be known, it
    raises NotKnown with the reason, and doctor lists the check as not run.
    """

    def __init__(
        self, declaration: Declaration, variant: Variant, context: Context, values: Values
    ) -> None:
        self.source = declaration.source
        self.folder: Path = declaration.source.path.parent
        self.spec: Spec = variant.spec
        self.profile = variant.profile
        self.node = variant.node
        self.context = context
        self.values = values
        self.decision: FlowDecision = decide_flow(variant.spec)
        self.authority: Authority | None = decide_authority(variant.spec, context.allow_hosts)
        self.n8n: N8nSide = decide_n8n_side(variant.spec)

    @property
    def name(self) -> str:
        """The spec's name."""
        return self.spec.name

    @property
    def label(self) -> str:
        """The name for messages, with the profile: `acme-crm [uat]`."""
        return labelled(self.name, self.profile)

    @property
    def profile_option(self) -> str:
        """The option that chooses the profile, for commands in messages; empty without one."""
        return with_profile("", self.profile)

    @cached_property
    def chosen(self) -> str:
        """The arguments that choose it, for commands in messages: by name, where that works."""
        context, file = self.context, self.source.path
        is_found = any(is_inside(file, place) for place in context.specs)
        here = working_folder()
        if is_found and here is not None and is_inside(here, context.project):
            return with_profile(self.name, self.profile)
        return self.chosen_file

    @property
    def chosen_file(self) -> str:
        """The arguments that choose it by its file, which also works outside the project."""
        return with_profile(for_shell(self.source.shown), self.profile)

    def counts_for(self, profile: str | None) -> bool:
        """Return whether a profile that was chosen includes it; None chooses all.

        A credential without profiles always counts.
        """
        return profile is None or self.profile in (None, profile)

    @property
    def flow(self) -> Flow:
        """The flow.

        Raises:
            NotKnown: The spec doesn't determine it.
        """
        if self.decision.flow is None:
            raise NotKnown(
                "the flow is not decided",
                hint=self.decision.why,
                topic="flow",
            )
        return self.decision.flow

    @property
    def n8n_type(self) -> str:
        """n8n's type of the credential."""
        if self.flow == "jwt":
            return JWT
        return GENERIC if self.has_generic_type else OAUTH2

    @property
    def has_generic_type(self) -> bool:
        """Whether it is n8n's generic OAuth2 credential, for HTTP Request nodes.

        That has no JWT login, so the JWT flow is always that of n8n's own Salesforce credential.
        """
        is_wanted = self.spec.n8n is not None and self.spec.n8n.type == GENERIC
        return is_wanted and self.decision.flow not in (None, "jwt")

    @property
    def is_salesforce_client(self) -> bool:
        """Whether n8n's Salesforce credential logs in with client credentials.

        It has no option for that; the generic type has one.

        Raises:
            NotKnown: The flow is not decided.
        """
        return self.flow == "client_credentials" and not self.has_generic_type

    @property
    def app(self) -> App:
        """The spec's `app` section; an empty one if the spec has none."""
        return self.spec.app or App()

    @property
    def is_external_client_app(self) -> bool:
        """Whether the spec declares the app as an External Client App."""
        return self.app.type == "external_client_app"

    @property
    def fields(self) -> tuple[Route, ...]:
        """The fields that the flow needs; those of all flows if it is undecided."""
        if self.decision.flow:
            return _FIELDS[self.decision.flow]
        return tuple(dict.fromkeys(chain.from_iterable(_FIELDS.values())))

    @property
    def n8n_fields(self) -> tuple[Route, ...]:
        """Those of `fields` that n8n gets."""
        return tuple(route for route in self.fields if route not in _NOT_FOR_N8N)

    @property
    def username_route(self) -> Route | None:
        """The field with the user that n8n acts as; None if the flow has none."""
        return _USERNAME.get(self.flow)

    @property
    def secret_route(self) -> Route:
        """The field with the Consumer Secret. The JWT flow doesn't have one."""
        return _SECRET[self.flow]

    def declared(self, route: Route) -> str | Reference | None:
        """Return what the spec has in one of `fields`: a literal, a reference, or None."""
        value: object = self.spec
        for step in route:
            value = getattr(value, str(step), None)
        return value if isinstance(value, str | Reference) else None

    def references(self) -> list[tuple[Route, Reference]]:
        """Return the references that the flow needs, with their fields."""
        declared = ((route, self.declared(route)) for route in self.fields)
        return [(route, value) for route, value in declared if isinstance(value, Reference)]

    def value(self, route: Route) -> SecretStr:
        """Return the value of one of `fields`. If it is a reference, the reference is read.

        Raises:
            NotKnown: It isn't declared, can't be read here, or only n8n has it.
        """
        declared = self.declared(route)
        field = route_text(route)
        if declared is None:
            raise NotKnown(
                f"{field} is not set",
                hint=f"Add {field} to the spec.",
                cause=Cause.NOT_STATED,
            )
        if isinstance(declared, str):
            return SecretStr(declared)
        try:
            return self.values.secret(declared, self.folder)
        except SecretUnavailable as error:
            raise SecretNotHere(
                f"{field}: {error.message}", hint=error.hint, cause=Cause.SECRET
            ) from None

    @cached_property
    def private_key(self) -> "PrivateKey | UnusableKey":
        """The private key, or why it isn't usable.

        Raises:
            NotKnown: As `value`.
        """
        from sfcred.keys.private_key import read_private_key

        return read_private_key(self.value(("jwt", "private_key")))

    @property
    def key_file(self) -> str | None:
        """The private key's path, without `..`; None if the key isn't in a file."""
        declared = self.declared(("jwt", "private_key")) if self.decision.flow == "jwt" else None
        if not isinstance(declared, Reference) or declared.provider != "file":
            return None
        try:
            return str(plain_join(self.folder, declared.locator))
        except ReadError:  # a path of another machine
            return None

    @property
    def named_certificate(self) -> str | None:
        """The certificate's path in `jwt.certificate`, as the spec has it; None without one."""
        return self.spec.jwt.certificate if self.spec.jwt else None

    @property
    def creates_pair(self) -> str:
        """How to get the key pair; empty unless both of its files are missing."""
        key = self.declared(("jwt", "private_key"))
        return how_to_create(self.chosen, key, self.named_certificate, self.folder)

    @cached_property
    def certificate(self) -> "Certificate | UnusableCertificate":
        """The certificate that the spec names, or why it isn't usable.

        Raises:
            NotKnown: The spec names none, or its file can't be read.
        """
        from sfcred.keys.certificate import read_certificate

        path = self.named_certificate
        if path is None:
            raise NotKnown(
                "jwt.certificate is not set",
                hint="Set it to the path of the certificate.",
                cause=Cause.NOT_STATED,
            )
        try:
            return read_certificate(self.values.file(join_local(self.folder, path)))
        except ReadError as error:
            reason = error.message.removeprefix(f"{self.folder / path}: ")
            # It is no secret: no finding explains that it isn't in the checkout.
            hint = self.creates_pair or error.hint
            raise NotKnown(f"the certificate {path}: {reason}", hint=hint) from None

    @cached_property
    def callbacks(self) -> tuple[Callback, ...]:
        """n8n's callback URLs, from its environment file if the spec names one.

        If that file doesn't tell n8n's address, n8n.url counts.

        Raises:
            NotKnown: There is neither n8n.url nor an n8n.env_file with the address.
        """
        try:
            from_file = self.environment_callback
        except NotKnown:
            if self.n8n.url is None or self.environment is None:
                raise
            from_file = None
        return url_callbacks(self.n8n) if from_file is None else (from_file,)

    @cached_property
    def environment_callback(self) -> Callback | None:
        """The callback from n8n's environment file; None if the spec names no file.

        Raises:
            NotKnown: The file can't be read, is outside the project, or doesn't tell the address.
        """
        if self.environment is None:
            return None
        return environment_callback(self.environment, self.n8n.version)

    @cached_property
    def environment(self) -> Environment | None:
        """n8n's environment, from its environment file; None if the spec names no file.

        n8n Cloud has none: what is left of one says nothing about n8n Cloud.

        Raises:
            NotKnown: The file can't be read, or is outside the project.
        """
        n8n = self.spec.n8n
        if self.n8n.is_cloud or n8n is None or n8n.env_file is None:
            return None
        path = self.env_file
        if path is None:
            return None
        from sfcred.resolve.environment.read import read_environment

        project = self.context.project
        return read_environment(path, n8n.env_file, n8n.env_service, project, self.values)

    @property
    def env_file(self) -> Path | None:
        """The path of n8n's environment file; None if the spec names no file.

        Raises:
            NotKnown: It is outside the project. Its content is shown as the callback, so a pull
                request must not be able to choose any file.
        """
        name = self.spec.n8n.env_file if self.spec.n8n else None
        if name is None:
            return None
        project = self.context.project
        try:
            path = join_local(self.folder, name)
        except ReadError as error:
            raise NotKnown(f"n8n.env_file: {error.message}", hint=error.hint) from None
        if lies_outside(path, project):
            raise NotKnown(
                f"n8n.env_file is outside the project ({project}), so it is not read",
                hint="Copy its address variables to a file inside the project and use that, or "
                "move sfcred.toml to a folder that contains both.",
            )
        return path


def resolve(declaration: Declaration, context: Context, values: Values) -> list[Credential]:
    """Return the credentials of a declaration: one per profile, or just one.

    Args:
        declaration: A parsed document. If it has schema errors, there are no credentials.
        context: The context of the run.
        values: Reads references.
    """
    return [Credential(declaration, variant, context, values) for variant in declaration.variants]
