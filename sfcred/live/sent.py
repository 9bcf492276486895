"""Mask a login's secrets in the org's answers, which may repeat what was sent."""

from functools import cached_property

from pydantic import SecretStr

from sfcred.errors import NotKnown
from sfcred.http.messages import Request
from sfcred.live.org import ApiRefusal
from sfcred.oauth.token import Redirected, Token, TokenRefusal, TokenResult, scrubbed
from sfcred.resolve.credential import Credential


class SentSecrets:
    """The secrets that an answer might repeat: the credential's, and those used since."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential
        self._later: list[SecretStr] = []

    def add_request(self, request: Request) -> None:
        """Note the secrets of a request."""
        form = request.form or {}
        self._later += [value for value in form.values() if isinstance(value, SecretStr)]
        if request.authorization is not None:
            self._later.append(request.authorization)

    def add_token(self, token: Token) -> None:
        """Note the secrets of a token that was granted."""
        self._later.append(token.access_token)
        if token.refresh_token is not None:
            self._later.append(token.refresh_token)

    def mask(self, text: str) -> str:
        """Return an untrusted text without the secrets, on one line and shortened."""
        secrets = [*self._declared, *self._later]
        return scrubbed(text, [one.get_secret_value().removeprefix("Basic ") for one in secrets])

    def mask_result(self, result: TokenResult) -> TokenResult:
        """Return the token endpoint's answer without the secrets."""
        match result:
            case TokenRefusal():
                return result._replace(
                    error=self.mask(result.error), description=self.mask(result.description)
                )
            case Redirected():
                return result._replace(host=self.mask(result.host))
            case _:
                return result

    def mask_refusal(self, refusal: ApiRefusal | None) -> ApiRefusal | None:
        """Return the API's refusal without the secrets."""
        if refusal is None:
            return None
        return refusal._replace(
            error=self.mask(refusal.error), description=self.mask(refusal.description)
        )

    @cached_property
    def _declared(self) -> list[SecretStr]:
        found = []
        for route, _reference in self._credential.references():
            try:
                found.append(self._credential.value(route))
            except NotKnown:
                continue
        return found
