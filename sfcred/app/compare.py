"""Find a spec's app among the metadata that an org gave back, for the checks that compare them."""

from collections.abc import Sequence
from typing import NamedTuple

from sfcred.errors import NotKnown, RenderError
from sfcred.resolve.blueprint import blueprint
from sfcred.resolve.credential import Credential
from sfcred.salesforce.metadata.formats import format_of
from sfcred.salesforce.metadata.model import Blueprint, RetrievedFile


class Deployed(NamedTuple):
    """An app as a spec describes it, and as an org has it.

    Attributes:
        credential: The credential that uses the app.
        wanted: The app as the spec describes it.
        found: The app as the org has it; None if the org's files don't hold it.
        where: Where the org's files come from, in words.
    """

    credential: Credential
    wanted: Blueprint
    found: Blueprint | None
    where: str


def deployed(credential: Credential, files: Sequence[RetrievedFile], where: str) -> Deployed:
    """Look for a credential's app among an org's metadata files.

    Args:
        credential: The credential.
        files: The files that were retrieved, of any number of apps.
        where: Where they come from, in words.

    Raises:
        NotKnown: The spec doesn't say enough about the app to compare it.
    """
    try:
        wanted = blueprint(credential)
    except RenderError as error:
        reason = error.message.removeprefix(f"{credential.name}: ")
        raise NotKnown(reason, hint=error.hint) from None
    found = format_of(credential.app.type).read(wanted.api_name, files)
    return Deployed(credential, wanted, found, where)
