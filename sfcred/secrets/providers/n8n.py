"""`{n8n: "$secrets.vault.key"}`: a secret that n8n holds. sfcred never sees its value."""

from sfcred.secrets.provider import Provider

# Only escapes that strict ECMA-262 parsers know, because the JSON Schema contains the pattern.
_STEP = r"""(\.[A-Za-z_][A-Za-z0-9_]*|\[("[^"\\\n\r{}]+"|'[^'\\\n\r{}]+')\])"""

PROVIDER = Provider(
    key="n8n",
    title="a secret that n8n holds",
    description="An external secret ($secrets) or a variable ($vars) in n8n. It is "
    "rendered as an n8n expression, and n8n resolves it when it uses the credential.",
    pattern=rf"\$(secrets|vars){_STEP}+",
    example="$secrets.vault.acme_client_secret",
    read=None,
    where=lambda locator, _around: f"{locator} in n8n",
)
