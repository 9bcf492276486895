"""Find a spec's app in the metadata retrieved from an org, for the checks that compare them."""

from collections.abc import Sequence
from typing import NamedTuple

from sfcred.errors import NotKnown, RenderError
from sfcred.resolve.blueprint import blueprint
from sfcred.resolve.credential import Credential
from sfcred.salesforce.metadata.formats import format_of
from sfcred.salesforce.metadata.model import Blueprint, RetrievedFile


class Deployed(NamedTuple):
    """An app as described in a spec, and as deployed in an org.

    Attributes:
        credential: The credential that uses the app.
        wanted: The app as described in the spec.
        found: The app as deployed; None if the org's files don't contain it.
        where: A description of where the org's files come from.
    """

    credential: Credential
    wanted: Blueprint
    found: Blueprint | None
    where: str


def deployed(credential: Credential, files: Sequence[RetrievedFile], where: str) -> Deployed:
    """Find a credential's app in an org's metadata files.

    Args:
        credential: The credential.
        files: The retrieved files, of any number of apps.
        where: A description of where they come from.

    Raises:
        NotKnown: The spec doesn't state enough about the app to compare it.
    """
    try:
        wanted = blueprint(credential)
    except RenderError as error:
        reason = error.message.removeprefix(f"{credential.name}: ")
        raise NotKnown(reason, hint=error.hint) from None
    found = format_of(credential.app.type).read(wanted.api_name, files)
    return Deployed(credential, wanted, found, where)
