"""Where secrets may go. A spec is untrusted input, so it never decides this.

One function for each question: `permitted` (may this URL be sent to), `login_url` (where does
sfcred log in), `require_targets` (may n8n send there), `within_fence` and `parse_org_hosts`.
"""

import re
from collections.abc import Iterable

from sfcred.errors import NotKnown, UsageError
from sfcred.redact import public_address
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_sends import SecretTarget, login_authority
from sfcred.salesforce.hosts import classify, is_destination, is_host_name, is_shared
from sfcred.urls import Url, is_loopback, split_url

_HTTPS_PORT = 443
_INSIDE = (
    "Use the JWT flow with n8n 2.20.0 or later, give the right n8n.version, or name that host in "
    "SFCRED_ORG_HOSTS or --org-host as well. An n8n that runs with the output of `sfcred render "
    "--target n8n-overwrite` doesn't use it, but sfcred can't see that."
)
_FENCE_FORM = (
    "Write a host's full name without https:// and port, such as acme.my.salesforce.com. "
    "*.NAME stands for all hosts below NAME."
)


def permitted(
    url: str, allow_hosts: frozenset[str], org_hosts: frozenset[str] | None
) -> Url | None:
    """Take a URL apart if secrets may go to it: the one rule for everything that is sent.

    Args:
        url: An absolute URL.
        allow_hosts: `HOST` or `HOST:PORT` that the person at the command line allows.
        org_hosts: The fence, as parse_org_hosts() returns it; None: there is no fence.

    Returns:
        The parts for a My Domain or a general login host over https, and for allowed hosts over
        https, or over http if they are this very machine. None for all others, and for all that
        are outside of the fence.
    """
    parts = split_url(url)
    if parts is None or not within_fence(parts.host, org_hosts):
        return None
    is_safe = parts.scheme == "https" or is_loopback(parts.host)
    if parts.is_one_of(allow_hosts):
        return parts if is_safe else None
    is_https = parts.scheme == "https" and parts.port == _HTTPS_PORT
    return parts if is_https and is_destination(parts.host) else None


def login_url(credential: Credential) -> str:
    """Return where sfcred itself logs a credential in.

    Returns:
        The local org that the person named, else the authority; without a slash at the end.

    Raises:
        NotKnown: There is none, or nothing may be sent to it.
    """
    context = credential.context
    url = context.local_org or login_authority(credential).url
    _require(SecretTarget(url), context, fence_only=context.local_org is not None)
    return url


def require_targets(
    targets: Iterable[SecretTarget], context: Context, *, fence_only: bool = False
) -> None:
    """Refuse addresses that n8n must not send secrets to.

    Args:
        targets: Where n8n sends them (resolve.n8n_sends).
        context: The surroundings of the run, which hold allowed hosts and the fence.
        fence_only: The person answers for hosts that are not Salesforce's (`--no-check`), but
            nobody does for what is outside of the fence.

    Raises:
        NotKnown: With the first that is refused, and why.
    """
    for target in targets:
        _require(target, context, fence_only=fence_only or target.is_n8n_own)


def _require(target: SecretTarget, context: Context, *, fence_only: bool) -> None:
    url = split_url(target.url)
    host = url.host if url else ""
    # A single word may be a secret in the wrong place.
    shown = public_address(host) or "an address that can't be read"
    why = f" ({target.why})" if target.why else ""
    if not within_fence(host, context.org_hosts):
        raise NotKnown(
            f"nothing is sent to {shown}: it is not one of SFCRED_ORG_HOSTS or --org-host{why}",
            hint=_INSIDE
            if target.why
            else "Add its host to SFCRED_ORG_HOSTS or --org-host if it's yours.",
        )
    if url is not None and url.scheme == "http" and not is_loopback(url.host):
        raise NotKnown(
            f"nothing is sent to {shown}: it is plain http{why}", hint="Connect it in n8n again."
        )
    if not fence_only and permitted(target.url, context.allow_hosts, context.org_hosts) is None:
        raise NotKnown(
            f"nothing is sent to {shown}: it is {classify(host).what}{why}",
            hint=f"If you trust it: --allow-host {shown}.",
        )


# -- the fence: the only orgs that anything may be sent to


def within_fence(host: str, org_hosts: frozenset[str] | None) -> bool:
    """Whether a host is one that anything may be sent to.

    Args:
        host: A host's name without scheme and port, in any case of letters. A dot at its end
            doesn't count.
        org_hosts: The fence, as parse_org_hosts() returns it; None: there is no fence.

    Returns:
        True without a fence; else whether one of its patterns is the host, or is `*.NAME` for a
        host with one label or more before NAME. A name outside ASCII is never inside.
    """
    if org_hosts is None:
        return True
    if not host.isascii():  # lower() turns some signs, such as the Kelvin sign, into ASCII letters
        return False
    name = host.lower().removesuffix(".")
    labels = name.split(".")
    below = {f"*.{'.'.join(labels[first:])}" for first in range(1, len(labels))}
    return bool(org_hosts & {name, *below})


def parse_org_hosts(
    variable: Iterable[str] | None, options: Iterable[str] = ()
) -> frozenset[str] | None:
    """The fence, from the environment and the command line.

    Args:
        variable: The patterns of SFCRED_ORG_HOSTS; None where it isn't set.
        options: Those of --org-host. They win, but can only narrow the variable's: two people may
            have set the two.

    Returns:
        Patterns in lower case; None where neither is given, so that there is no fence.

    Raises:
        UsageError: A pattern isn't a host's name, or every org would match it; or an option is
            outside of the variable.
    """
    outer = None if variable is None else _patterns(variable, "SFCRED_ORG_HOSTS")
    inner = _patterns(options, "--org-host") or None
    if inner is None or outer is None:
        return inner or outer
    for pattern in sorted(inner):
        if pattern not in outer and not within_fence(pattern, outer):
            raise UsageError(
                f"--org-host {pattern}: outside of SFCRED_ORG_HOSTS, which it can only narrow",
                hint="Add it to SFCRED_ORG_HOSTS, or unset that variable.",
            )
    return inner


def _patterns(texts: Iterable[str], where: str) -> frozenset[str]:
    return frozenset(_pattern(text.strip(), where) for text in texts)


def _pattern(text: str, where: str) -> str:
    base = text.lower().removeprefix("*.").removesuffix(".")
    below = text.startswith("*.")
    if address := "" if below else _address(base):
        return address
    matches_all = text != "" and base in ("", "*")
    if not matches_all and not (text.isascii() and _is_host(base)):
        raise UsageError(f"{where}: not a host's name: {text or 'an empty text'}", hint=_FENCE_FORM)
    if matches_all or (below and ("." not in base or is_shared(base))):
        raise UsageError(
            f"{where}: {text} would let everybody's orgs pass, not only yours",
            hint="Name your orgs' own hosts, such as acme.my.salesforce.com.",
        )
    return f"*.{base}" if below else base


def _is_host(base: str) -> bool:
    """A host's name, also of one label; no part of an IP address."""
    return is_host_name(f"{base}.com") and re.fullmatch(r"[0-9.]+", base) is None


def _address(text: str) -> str:
    """An IP address in its usual form; empty for anything else."""
    from ipaddress import ip_address

    try:
        return str(ip_address(text.removeprefix("[").removesuffix("]")))
    except ValueError:
        return ""
