"""A configured project: open it, get its credentials, and check them.

Loading doesn't run any check. Everything that uses credentials (rendering, pushing, logging in)
gets them from here, so that all commands agree on ignores, profiles and names.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sfcred.checks import answered_by, with_trait
from sfcred.checks.api import Trait
from sfcred.doctor import LiveOptions, Options, examine
from sfcred.doctor.configured import configured, with_path_rules
from sfcred.findings import Report, Severity
from sfcred.resolve.context import Context
from sfcred.settings import Settings
from sfcred.workspace.choice import require_choice, with_chosen_checks
from sfcred.workspace.errors import no_credential, not_one, old_baseline, refused
from sfcred.workspace.loaded_specs import LoadedSpecs
from sfcred.workspace.names import split_arguments, with_named
from sfcred.workspace.opening import find_workflows, make_context, open_files, project_files
from sfcred.workspace.profile import ChosenProfile

if TYPE_CHECKING:
    from sfcred.app.retrieved import AppFiles
    from sfcred.needs.model import CredentialNeeds
    from sfcred.render.api import Document, RenderOptions
    from sfcred.resolve.credential import Credential
    from sfcred.spec.load import Declaration
    from sfcred.workflows.model import WorkflowFile


class Understood(NamedTuple):
    """The credentials that can be understood, and a report on the specs that can't."""

    credentials: "list[Credential]"
    report: Report


class Workspace:
    """A project's settings and specs, opened once.

    Create one with `Workspace.open()`.

    Attributes:
        settings: The configuration.
        files: The spec files.
        profile: The profile to use; None for all. Credentials without profiles always count.
    """

    def __init__(
        self,
        settings: Settings,
        files: list[Path],
        context: Context,
        *,
        profile: str | None = None,
        whole: bool = False,
        given: Mapping[Path, bytes] = MappingProxyType({}),
        names: Mapping[Path, frozenset[str]] = MappingProxyType({}),
        heeds_require_secrets: bool = True,
        warn: Callable[[str], object] = lambda _text: None,
    ) -> None:
        self.settings = settings
        self.files = files
        self.profile = profile
        self._find_all = cache(partial(project_files, () if whole else [*files, *given], settings))
        self._specs = LoadedSpecs(files, context, given, names, self._find_all)
        self._profile = ChosenProfile(profile, self._specs, warn)
        self._options = Options(profile=profile, whole=whole, rest=self._specs.rest, given=given)
        self._requires_secrets = heeds_require_secrets and settings.require_secrets

    @property
    def context(self) -> Context:
        """The context of the run: the time, the environment, the allowed hosts."""
        return self._specs.context

    @classmethod
    def open(
        cls,
        *paths: Path | str,
        profile: str | None = None,
        allow_hosts: Iterable[str] = (),
        org_hosts: Iterable[str] = (),
        local_org: str | None = None,
        reads_remote_secrets: bool | None = None,
        given: Mapping[Path, bytes] | None = None,
        needs_specs: bool = True,
        warn: Callable[[str], object] = lambda _text: None,
    ) -> "Workspace":
        """Open the project of the given paths, or else of the working folder.

        Args:
            paths: Specs, folders of specs, and names of credentials; what exists is a path. Without
                any, the configuration's specs are used.
            profile: Use only this profile, and credentials without profiles.
            allow_hosts: Further hosts to accept as an authority, as `HOST` or `HOST:PORT`.
            org_hosts: The only hosts that anything is sent to, in place of SFCRED_ORG_HOSTS.
            local_org: The URL of a `sfcred local-org` to log in to instead of the real orgs.
            reads_remote_secrets: Read references into remote stores such as Vault. None reads them
                only if the configuration has `require_secrets`, and False doesn't heed that.
            given: Specs that aren't read from disk, by file name. With any, no others count.
            needs_specs: Refuse a project without specs.
            warn: Called with each warning, such as about files that are left out.

        Raises:
            SfcredError: The configuration can't be used, or there is no spec.
        """
        asked = split_arguments(paths)
        settings, files = open_files(
            asked.paths, given or {}, warn, needs_specs=needs_specs, is_named=bool(asked.names)
        )
        files, names = with_named(files, asked, settings, warn)
        heeds = reads_remote_secrets is not False
        context = make_context(
            settings, allow_hosts, org_hosts, local_org=local_org,
            reads_remote_secrets=reads_remote_secrets or (heeds and settings.require_secrets),
        )  # fmt: skip
        return cls(
            settings, files, context, profile=profile, whole=not paths and not given,
            given=given or {}, names=names, heeds_require_secrets=heeds, warn=warn,
        )  # fmt: skip

    @property
    def is_whole(self) -> bool:
        """Whether the files are all of the project's specs, and not a selection."""
        return self._options.whole

    def declarations(self) -> "Iterator[Declaration]":
        """Yield every declaration in the files, including invalid ones."""
        for file in self._specs.stream():
            yield from file.spec.declarations

    # -- credentials

    def credentials(self) -> "list[Credential]":
        """Return every credential that can be understood, without running checks.

        A secret is only read when you ask its credential for it.

        Raises:
            UsageError: No spec has the profile.
        """
        self._profile.require()
        return [
            credential
            for file in self._specs.keep()
            for credential in file.all_credentials()
            if credential.counts_for(self.profile)
        ]

    def understood(self) -> Understood:
        """Return the credentials, and a report on the specs that can't be understood."""
        credentials = self.credentials()
        return Understood(credentials, self._faults())

    def credential(self, name: str | None = None) -> "Credential":
        """Return one credential.

        Args:
            name: Its name; None for the only one.

        Raises:
            UsageError: No credential matches, or several do.
            Refused: Its spec can't be understood.
        """
        self._profile.keep_quiet()  # whoever chooses one credential sees which one it is
        credentials = self.credentials()
        fitting = [one for one in credentials if name in (None, one.name)]
        if len(fitting) == 1 and not fitting[0].source.faults:
            return fitting[0]
        faults = self._faults()
        if len(fitting) == 1:  # a field stands twice, say: which of the two is meant?
            own = [f for f in faults.findings if f.file == fitting[0].source.shown]
            raise refused(faults.with_only(own), name)
        own = [f for f in faults.findings if name is None or f.credential == name]
        if not fitting and own:
            raise refused(faults.with_only(own), name)
        raise not_one(name, self.profile, fitting, [one.name for one in credentials])

    def other_credentials(self) -> "tuple[Credential, ...]":
        """Return the project's credentials that aren't chosen here: other files, other profiles.

        Those that can't be understood are left out.
        """
        chosen = {(one.source.path, one.name, one.profile) for one in self.credentials()}
        files = (*self._specs.keep(), *self._specs.rest())
        every = [one for file in files for one in file.all_credentials()]
        return tuple(one for one in every if (one.source.path, one.name, one.profile) not in chosen)

    def declared_ids(self) -> frozenset[str] | None:
        """Return the ids in n8n of all the project's credentials; None if some aren't known."""
        if self._specs.misread() or not self._knows_the_rest():
            return None
        every = (*self.credentials(), *self.other_credentials())
        return frozenset(one.n8n.credential_id for one in every)

    # -- workflows

    def workflow_files(self, *paths: Path | str) -> "Iterator[WorkflowFile]":
        """Yield workflow files, one at a time.

        Args:
            paths: Files and folders. Without any, the configuration's `workflows` are used.

        Raises:
            SfcredError: There is none, or the configuration names one outside the project.
        """
        from sfcred.workflows.find import read_workflow_files

        found = find_workflows([Path(path) for path in paths], self.settings)
        return read_workflow_files(found)

    def needs(self, files: "Iterable[WorkflowFile]") -> "list[CredentialNeeds]":
        """Return what workflows need of the credentials, and of those without a spec.

        Args:
            files: The workflows, from `workflow_files` or a running n8n.
        """
        from sfcred.needs.collect import needs_of_files
        from sfcred.needs.use import KnownCredentials

        own, others = self.credentials(), self.other_credentials()
        is_whole, is_misread = self._knows_the_rest(), bool(self._specs.misread())
        return needs_of_files(
            files, KnownCredentials(own, others, is_whole=is_whole, is_misread=is_misread)
        )

    # -- checking

    def examine(
        self,
        *,
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        require_secrets: bool = False,
        live: LiveOptions | None = None,
        app: "AppFiles | None" = None,
        workflows: "Iterable[WorkflowFile] | None" = None,
        heeds_ignores: bool = True,
        baseline: Path | None = None,
        details: bool = False,
        warn: Callable[[str], object] = lambda _text: None,
    ) -> Report:
        """Run the checks as the configuration says.

        Args:
            select: The only checks to run, by id, name or beginning of ids, instead of the setting.
            ignore: Checks to leave out in addition to the configuration's, in the same form.
            require_secrets: Report a reference that can't be read as an error, as the setting does.
            live: Log in with each credential; None to stay offline.
            app: An org's metadata to compare each credential's app with.
            workflows: n8n's workflows to check, from `workflow_files` or a running n8n.
            heeds_ignores: Respect the ignores of specs, configuration and baseline.
            baseline: A baseline, which must exist; None to use the configuration's, if it exists.
            details: Include in the results what was decided about each credential.
            warn: Called with each warning about the configuration.

        Raises:
            SettingsError: The baseline can't be used.
            UsageError: No spec has the profile, or no check is left to run.
        """
        strict = require_secrets or self._requires_secrets
        own = self._options._replace(
            select=select, ignore=ignore, require_secrets=strict, heeds_ignores=heeds_ignores,
            live=live, app=app, workflows=workflows, details=details,
        )  # fmt: skip
        options = with_chosen_checks(own, self.settings)
        require_choice(options, self.settings)
        if strict or live is not None:
            self._specs.read_remote_secrets()
        options = configured(options, self.settings, baseline)
        if options.baseline is not None and options.baseline.version == 1:
            warn(old_baseline(baseline or self.settings.project / self.settings.baseline))
        return self._examine(options)

    def examine_without_baseline(
        self,
        *,
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        workflows: "Iterable[WorkflowFile] | None" = None,
    ) -> Report:
        """Run the checks offline for a new baseline, and also report what the old one lists."""
        own = self._options._replace(select=select, ignore=ignore, workflows=workflows)
        options = with_chosen_checks(own, self.settings)
        if options.select_source:  # a baseline covers all checks, whatever a file selects
            options = options._replace(select=(), select_source="")
        require_choice(options, self.settings)
        return self._examine(with_path_rules(options, self.settings))

    def require_sound(
        self, *, ignore: tuple[str, ...] = (), require_secrets: bool = False, check: bool = True
    ) -> "list[Credential]":
        """Return the credentials if they have no errors.

        Args:
            ignore: Checks whose findings don't matter here.
            require_secrets: Refuse credentials with a secret that can't be read.
            check: Refuse errors. Specs that can't be understood are always refused.

        Raises:
            Refused: There are errors.
            Unreadable: No file is a spec.
            UsageError: No spec has the profile, or the configuration leaves no check to run.
        """
        if require_secrets:
            self._specs.read_remote_secrets()
        credentials = self.credentials()
        if check:
            report = self.examine(ignore=ignore, require_secrets=require_secrets)
        else:
            report = self._faults()
        has_errors = report.crashes or report.count(Severity.ERROR) > 0
        if (is_misread := self._specs.is_misread()) or (check and has_errors):
            raise refused(report, can_skip=not is_misread)
        if not credentials:
            raise no_credential(() if self.is_whole else self.files)
        return credentials

    def require_sound_one(
        self, name: str | None = None, *, check: bool = True
    ) -> "tuple[Credential, frozenset[str]]":
        """Return one credential if it has no errors, with the ids of its findings.

        Args:
            name: Its name; None for the only one.
            check: Refuse errors.

        Raises:
            UsageError: No credential matches, or several do.
            Refused: It has errors.
        """
        credential = self.credential(name)
        report = self.examine()
        own = [f for f in report.findings if f.is_about(credential)]
        if check and any(f.severity is Severity.ERROR for f in own):
            raise refused(report.with_only(own), credential.name, can_skip=True)
        return credential, frozenset(f.check for f in own)

    def render(
        self,
        target: str = "n8n",
        options: "RenderOptions | None" = None,
        *,
        ignore: tuple[str, ...] = (),
        check: bool = True,
    ) -> "list[Document]":
        """Render the credentials in memory.

        Args:
            target: One of `sfcred.render.target_names()`.
            options: How to render them; None for the defaults.
            ignore: Checks whose findings don't matter here.
            check: Refuse errors. Specs that can't be understood are always refused.

        Returns:
            The documents, which can contain secrets.

        Raises:
            Refused: The specs have errors.
            RenderError: The credentials can't be rendered correctly, or n8n would send secrets to
                a host that isn't allowed.
        """
        from sfcred.render.api import RenderOptions, find_target
        from sfcred.render.job import render_all

        found = find_target(target)
        answered = answered_by(found.answer) if found.answer else ()
        credentials = self.require_sound(
            ignore=answered + ignore, require_secrets=found.secret, check=check
        )
        options = options or RenderOptions()
        if found.is_instance_wide:
            options = options._replace(
                others=self.other_credentials(), misread=self._specs.misread()
            )
        return render_all(credentials, found, options, check=check)

    # -- internal

    def _knows_the_rest(self) -> bool:
        """Return whether all of the project's specs are known, and not only the files."""
        return self.is_whole or bool(self._find_all())

    def _examine(self, options: Options) -> Report:
        self._profile.require()
        return examine(self._specs.stream(), self.context, options)

    def reload(self) -> None:
        """Forget the files that were read, because they were changed."""
        self._specs.forget()

    def _faults(self) -> Report:
        """Report specs that can't be understood, with the checks that always run."""
        options = self._options._replace(select=with_trait(Trait.ALWAYS), whole=False)
        return examine(self._specs.stream(), self.context, options)
