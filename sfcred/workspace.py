"""A configured project: open it, get its credentials, and check them.

Loading doesn't run any check. Everything that uses credentials (rendering, pushing, logging in)
gets them from here, so that all commands agree on ignores, profiles and names.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sfcred.checks import answered_by, has_trait, with_trait
from sfcred.checks.api import Trait
from sfcred.doctor import AppFiles, LiveOptions, Options, examine
from sfcred.doctor.configured import configured, with_path_rules
from sfcred.findings import Finding, Report, Severity
from sfcred.opening import find_files, make_context
from sfcred.paths import display_path
from sfcred.resolve.context import Context
from sfcred.resolve.loading import LoadedFile, load_files
from sfcred.settings import Settings, load_settings
from sfcred.workspace_errors import no_such_profile, not_one, refused

if TYPE_CHECKING:
    from sfcred.render.api import Document, RenderOptions
    from sfcred.resolve.credential import Credential
    from sfcred.spec.load import Declaration


class Understood(NamedTuple):
    """The credentials that can be understood, and a report on the specs that can't."""

    credentials: "list[Credential]"
    report: Report


class Workspace:
    """A project's settings and specs, opened once.

    Create one with `Workspace.open()`.

    Attributes:
        settings: The configuration.
        context: The context of the run: the time, the environment, the allowed hosts.
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
    ) -> None:
        self.settings = settings
        self.context = context
        self.files = files
        self.profile = profile
        self._whole = whole
        self._given = given
        self._loaded: list[LoadedFile] | None = None

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
    ) -> "Workspace":
        """Open the project of the given paths, or else of the working folder.

        Args:
            paths: Specs and folders of specs. Without any, the configuration's are used.
            profile: Use only this profile, and credentials without profiles.
            allow_hosts: Further hosts to accept as an authority, as `HOST` or `HOST:PORT`.
            org_hosts: The only hosts that anything is sent to. Without any, SFCRED_ORG_HOSTS
                decides.
            local_org: The URL of a `sfcred local-org` to log in to instead of the real orgs.
            reads_remote_secrets: Read references into remote stores such as Vault. None reads them
                only if the configuration has `require_secrets`.
            given: Contents of specs that aren't read from disk, by file name. If there are any,
                they are the only specs.

        Raises:
            SfcredError: The configuration can't be used, or there is no spec.
        """
        asked = [Path(path) for path in paths]
        if given:
            name = next(iter(given))
            settings, files = load_settings(name.absolute().parent), list(given)
        else:
            settings = load_settings(asked[0] if asked else Path.cwd())
            files = find_files(asked, settings)
        if reads_remote_secrets is None:
            reads_remote_secrets = settings.require_secrets
        context = make_context(
            settings,
            allow_hosts,
            org_hosts,
            local_org=local_org,
            reads_remote_secrets=reads_remote_secrets,
        )
        whole = not asked and not given
        return cls(settings, files, context, profile=profile, whole=whole, given=given or {})

    @property
    def is_whole(self) -> bool:
        """Whether the files are all of the project's specs, and not a selection."""
        return self._whole

    def declarations(self) -> "Iterator[Declaration]":
        """Yield every declaration in the files, including invalid ones."""
        for file in self._stream():
            yield from file.spec.declarations

    # -- credentials

    def credentials(self) -> "list[Credential]":
        """Return every credential that can be understood, without running checks.

        A secret is only read when you ask its credential for it.

        Raises:
            UsageError: No spec has the profile.
        """
        found = [
            credential
            for file in self._keep()
            for credential in file.all_credentials()
            if self._is_meant(credential.profile)
        ]
        if self.profile is not None and not found and not self._has_faults():
            raise no_such_profile(self.profile)
        return found

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
        credentials = self.credentials()
        fitting = [one for one in credentials if name in (None, one.name)]
        if len(fitting) == 1:
            return fitting[0]
        faults = self._faults()
        own = [f for f in faults.findings if name is None or f.credential == name]
        if not fitting and own:
            raise refused(faults._replace(findings=own, results=[], not_run=[]), name)
        raise not_one(name, self.profile, fitting, [one.name for one in credentials])

    # -- checking

    def examine(
        self,
        *,
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        require_secrets: bool = False,
        live: LiveOptions | None = None,
        app: AppFiles | None = None,
        heeds_ignores: bool = True,
        baseline: Path | None = None,
        details: bool = False,
        warn: Callable[[str], object] = lambda _text: None,
    ) -> Report:
        """Run the checks as the configuration says.

        Args:
            select: The only checks to run, by id, name or beginning of ids. Without any, the
                configuration decides.
            ignore: Checks to leave out in addition to the configuration's, in the same form.
            require_secrets: Report a reference that can't be read as an error. The configuration
                can set this, too.
            live: Log in with each credential; None to stay offline.
            app: An org's metadata to compare each credential's app with.
            heeds_ignores: Respect the ignores of specs, configuration and baseline.
            baseline: A baseline, which must exist; None to use the configuration's, if it exists.
            details: Include in the results what was decided about each credential.
            warn: Called with each warning about the configuration.

        Raises:
            SettingsError: The baseline can't be used.
            UsageError: No spec has the profile.
        """
        options = self._options(
            select, ignore, require_secrets=require_secrets, heeds_ignores=heeds_ignores
        )
        options = configured(options, self.settings, baseline)
        if options.baseline is not None and options.baseline.version == 1:
            warn(_old_baseline(baseline or self.settings.project / self.settings.baseline))
        return self._examine(options._replace(live=live, app=app, details=details))

    def examine_without_baseline(
        self, *, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()
    ) -> Report:
        """Run the checks offline for a new baseline, and also report what the old one lists."""
        return self._examine(with_path_rules(self._options(select, ignore), self.settings))

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
            UsageError: No spec has the profile.
        """
        credentials = self.credentials()
        report = self.examine(ignore=ignore, require_secrets=require_secrets)
        is_broken = bool(report.crashes) or report.count(Severity.ERROR) > 0
        if not credentials or _is_misread(report) or (check and is_broken):
            raise refused(report)
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
        own = [f for f in report.findings if _is_about(f, credential)]
        if check and any(f.severity is Severity.ERROR for f in own):
            raise refused(report._replace(findings=own, results=[], not_run=[]), credential.name)
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
        return render_all(credentials, found, options or RenderOptions(), check=check)

    # -- internal

    def _options(
        self,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        *,
        require_secrets: bool = False,
        heeds_ignores: bool = True,
    ) -> Options:
        settings = self.settings
        return Options(
            select or settings.select,
            ignore + settings.ignore,
            self.profile,
            require_secrets or settings.require_secrets,
            heeds_ignores=heeds_ignores,
            whole=self._whole,
            given=self._given,
        )

    def _examine(self, options: Options) -> Report:
        report = examine(self._stream(), self.context, options)
        if self.profile is not None and not report.results and not report.findings:
            # Success would be misleading: nothing was checked.
            raise no_such_profile(self.profile)
        return report

    def _faults(self) -> Report:
        """Report specs that can't be understood, with the checks that always run."""
        options = Options(select=with_trait(Trait.ALWAYS), profile=self.profile, given=self._given)
        return examine(self._stream(), self.context, options)

    def _has_faults(self) -> bool:
        return any(
            file.spec.source.faults or any(d.misfits for d in file.spec.declarations)
            for file in self._keep()
        )

    def _is_meant(self, profile: str | None) -> bool:
        return self.profile is None or profile in (None, self.profile)

    def _keep(self) -> list[LoadedFile]:
        """Return the loaded files, and keep them for whatever uses the credentials next."""
        if self._loaded is None:
            self._loaded = list(load_files(self.files, self.context, self._given))
        return self._loaded

    def _stream(self) -> Iterator[LoadedFile]:
        """Yield the loaded files. Unless they are kept, each one can be freed after use."""
        if self._loaded is not None:
            return iter(self._loaded)
        return load_files(self.files, self.context, self._given)


def _old_baseline(file: Path) -> str:
    return (
        f"{display_path(file)} is a version 1 baseline, which later versions of sfcred won't "
        "read. Rewrite it with `sfcred doctor --write-baseline`. It will then contain all current "
        "findings, including new ones."
    )


def _is_misread(report: Report) -> bool:
    return any(has_trait(f.check, Trait.ALWAYS) for f in report.findings)


def _is_about(finding: Finding, credential: "Credential") -> bool:
    same = (finding.credential, finding.file) == (credential.name, credential.source.shown)
    return same and finding.profile in (None, credential.profile)
