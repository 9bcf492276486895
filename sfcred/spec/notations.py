"""Other tools' notations for a secret, and the references that sfcred uses for them."""

import re

# A variable's name, in capitals: lower case could be a part of a secret.
_NAME = "([A-Z][A-Z0-9_]{0,80})"
# Another tool's notation, and the equivalent reference.
_NOTATIONS = (
    (r"\$\{\{\s*secrets\.(\w+)\s*\}\}", "{{env: {0}}}"),
    (r"=?\{\{\s*(\$(?:secrets|vars)\.[\w.]+)\s*\}\}", '{{n8n: "{0}"}}'),
    (r"=?\{\{\s*\$env\.(\w+)\s*\}\}", "{{env: {0}}}"),
    (r"\$\{(\w+)(?::?[-?+][^}]*)?\}", "{{env: {0}}}"),
    (r"\$([A-Z]+(?:_[A-Z0-9]+)*)", "{{env: {0}}}"),
    # Don't repeat it: a password can start with a dollar sign, too.
    (r"\$\w+", "{{env: NAME}}"),
    (r"env://(\w+)", "{{env: {0}}}"),
    (rf"(?:process\.)?env\.{_NAME}", "{{env: {0}}}"),
    (rf"\$env:{_NAME}", "{{env: {0}}}"),
    (rf"!?env(?:\(| ){_NAME}\)?", "{{env: {0}}}"),
    (rf"os\.(?:environ\[|getenv\(|environ\.get\()[\"']?{_NAME}[\"']?[\])]", "{{env: {0}}}"),
    (rf"\{{\{{\s*secrets\.{_NAME}\s*\}}\}}", "{{env: {0}}}"),
    (rf"%{_NAME}%", "{{env: {0}}}"),
    (r"(?:ref\+)?file://([\w./~-]+)", "{{file: {0}}}"),
    # A 1Password reference is often copied with its quotes.
    (r"[\"']?op://([\w .-]+(?:/[\w .-]+){2,3})[\"']?", '{{onepassword: "{0}"}}'),
    (r"ref\+vault://([\w./-]+)#/?([\w.-]+)", '{{vault: "{0}#{1}"}}'),
    (r"vault:([\w./-]+)#([\w.-]+)", '{{vault: "{0}#{1}"}}'),
    (r"ref\+awssecrets://([\w./-]+)#/?([\w.-]+)", '{{aws: "{0}#{1}"}}'),
    (r"(?:ref\+awssecrets|awssm)://([\w./-]+)", "{{aws: {0}}}"),
    (r"ref\+awsssm://([\w./-]+)", "{{aws_ssm: /{0}}}"),
    (r"gcp-sm://([\w-]+)/([\w-]+)(?:/latest)?", "{{gcp: projects/{0}/secrets/{1}}}"),
    (r"ref\+gcpsecrets://([\w-]+)/([\w-]+)", "{{gcp: projects/{0}/secrets/{1}}}"),
    (r"ref\+azurekeyvault://([\w-]+)/([\w-]+)", "{{azure: {0}/{1}}}"),
    (r"ref\+sops://([\w./-]+)#/?([\w-]+)", '{{sops: "{0}#{1}"}}'),
)
_FOREIGN = r"(op|bw|pass|dl|vault|gcp-sm|awssm)://|ref\+\w+:|vault:|ENC\["


def equivalent(text: str) -> str | None:
    """Return the reference that a notation stands for, as YAML; None if it isn't a known one."""
    for notation, reference in _NOTATIONS:
        match = re.fullmatch(notation, text)
        if match:
            return reference.format(*match.groups())
    return None


def is_foreign(text: str) -> bool:
    """Return whether a text begins as a notation that has no equivalent here."""
    return re.match(_FOREIGN, text) is not None
