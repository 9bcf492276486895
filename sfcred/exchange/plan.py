"""The plan of a push: what to do with which of n8n's credentials, and why."""

from typing import Literal, NamedTuple

from sfcred.exchange.fields import FieldChange
from sfcred.exchange.lock import Busy
from sfcred.exchange.n8n_api import CredentialSummary
from sfcred.exchange.state import Fingerprint
from sfcred.n8n.export import StoredCredential

Action = Literal["create", "update", "adopt", "unchanged", "refused"]

#: The actions that change something in n8n.
CHANGES = frozenset[Action](["create", "update", "adopt"])

#: Why a credential isn't overwritten unless you agree.
NOT_OURS = "n8n has a credential under this id that was not pushed from here"


class PlannedChange(NamedTuple):
    """The planned action for one credential.

    Attributes:
        credential: The spec's name, with its profile.
        action: The action. `adopt` overwrites what was not pushed from here.
        entry: The credential as `sfcred render` writes it; None if it can't be rendered.
        n8n_id: The credential's id in n8n, if n8n has it.
        found: What n8n currently has under this id, if it can list credentials.
        reason: Why it is refused, or other information.
        fingerprint: The fingerprint of the entry.
        with_tokens: Whether the consent is sent, too.
        confirmed: False for an `adopt` that still needs your agreement.
        changes: For an update: the fields that change. Empty if that isn't known.
        retest: Whether it failed n8n's test after the last push.
        untested: Why n8n must not test it; otherwise empty.
        login: Where it logs in, if the org of n8n's token matters; otherwise empty.
        reconnect: Whether n8n keeps the token of another org.
    """

    credential: str
    action: Action
    entry: StoredCredential | None
    n8n_id: str
    found: CredentialSummary | None
    reason: str
    fingerprint: Fingerprint
    with_tokens: bool
    confirmed: bool
    changes: tuple[FieldChange, ...] = ()
    retest: bool = False
    untested: str = ""
    login: str = ""
    reconnect: bool = False

    def refused(self, reason: str) -> "PlannedChange":
        """Return this change as a refusal, which leaves the credential in n8n as it is."""
        return self._replace(
            action="refused", confirmed=True, reason=reason, changes=(), retest=False
        )


class Plan(NamedTuple):
    """The planned actions, in the order of the specs.

    Attributes:
        url: The n8n that it is for.
        planned: One entry per credential.
        other_n8n: A text for each n8n that specs name as theirs, and that is not this one.
        blind: Whether n8n can't list its credentials, so that only earlier pushes are known.
        undeclared: What was pushed from here and is still in n8n, without a spec.
    """

    url: str
    planned: tuple[PlannedChange, ...]
    other_n8n: tuple[str, ...]
    blind: bool
    undeclared: tuple[CredentialSummary, ...] = ()

    @property
    def unconfirmed(self) -> tuple[PlannedChange, ...]:
        """The changes that need your agreement first."""
        return tuple(one for one in self.planned if not one.confirmed)

    @property
    def to_do(self) -> tuple[PlannedChange, ...]:
        """The confirmed actions that change something in n8n."""
        return tuple(one for one in self.planned if one.action in CHANGES and one.confirmed)

    @property
    def has_refusals(self) -> bool:
        """Whether a credential in n8n is left as it is, although its spec differs."""
        return any(one.action == "refused" for one in self.planned)

    def decided(self, *, agreed: bool) -> "Plan":
        """Return the plan with all open questions answered: agreed to, or refused."""
        planned = (
            one._replace(confirmed=True) if one.confirmed or agreed else one.refused(NOT_OURS)
            for one in self.planned
        )
        return self._replace(planned=tuple(planned))


def require_unchanged(plan: Plan, again: Plan) -> None:
    """Refuse to go on if n8n has changed since the plan was made.

    Args:
        plan: The plan that you agreed to.
        again: The plan, made again just now.

    Raises:
        Busy: They differ.
    """
    if again != plan:
        raise Busy(
            "n8n has changed since the plan was shown", hint="Nothing was sent. Run it again."
        )
