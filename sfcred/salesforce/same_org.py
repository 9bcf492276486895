"""Tell whether two hosts belong to different orgs, as far as their names say."""

from sfcred.salesforce.host_tables import PARTITIONS, HostKind
from sfcred.salesforce.hosts import Host, classify


def are_different_orgs(one: Host, other: Host) -> bool:
    """Return whether two hosts certainly belong to different orgs, or to an org and its sandbox.

    Two names of one org are no difference: its My Domain with and without a partition, and the
    addresses of its pages. An instance (`cs12.salesforce.com`) or a general login host tells at
    most whether it is production or a sandbox. Hosts that aren't Salesforce's tell nothing.
    """
    mine, theirs = _my_domain(one), _my_domain(other)
    if mine and theirs:
        return _org(mine) != _org(theirs) or _are_different_partitions(mine, theirs)
    if one.org and other.org and one.org != other.org:
        return True
    known = {one.environment, other.environment} - {None}
    return len(known) > 1


def _my_domain(host: Host) -> Host | None:
    """Return the My Domain of a host's org; None if the name doesn't tell."""
    if host.kind is HostKind.MY_DOMAIN:
        return host
    return classify(host.my_domain.removeprefix("https://")) if host.my_domain else None


def _org(host: Host) -> tuple[object, ...]:
    # Each of Salesforce's clouds (.com, .mil, .cn) has names of its own.
    return host.org, host.sandbox, host.environment, host.name.rpartition(".")[2]


def _are_different_partitions(one: Host, other: Host) -> bool:
    """Compare `develop` with `trailblaze`. An older name of the same org has none."""
    found = {host.name.split(".")[1] for host in (one, other)}
    return len(found & PARTITIONS.keys()) > 1
