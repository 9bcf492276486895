"""`{n8n: "$secrets.vault.key"}`: a secret of n8n's own; sfcred never sees its value."""

from sfcred.secrets.provider import Provider

# No escapes beyond those that a strict ECMA-262 reader knows: the JSON Schema carries it.
_STEP = r"""(\.[A-Za-z_][A-Za-z0-9_]*|\[("[^"\\\n\r{}]+"|'[^'\\\n\r{}]+')\])"""

PROVIDER = Provider(
    key="n8n",
    title="a secret that n8n holds",
    description="An external secret ($secrets) or a variable ($vars) of the n8n instance. It is "
    "rendered as an n8n expression, and n8n resolves it when the credential is used.",
    pattern=rf"\$(secrets|vars){_STEP}+",
    example="$secrets.vault.acme_client_secret",
    read=None,
    where=lambda locator, _around: f"n8n's own {locator}",
)
