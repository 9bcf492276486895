"""Settings from `SFCRED_*` variables. Imported only if one is set: pydantic-settings is slow."""

from collections.abc import Mapping
from typing import Annotated, Any, get_origin

from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    ForceDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from sfcred.settings.model import FileSettings, PathIgnores, Texts, set_values


class _Settings(BaseSettings, FileSettings):
    """The settings of a file, and those that only the environment can give.

    A variable is text, so this model converts numbers and booleans.
    """

    model_config = SettingsConfigDict(enable_decoding=False, strict=False)

    path_ignores: Annotated[PathIgnores, ForceDecode] = Field(default={})
    allow_hosts: Texts = Field(
        default=[], description="Hosts to accept as an authority, as HOST or HOST:PORT."
    )


class _Source(EnvSettingsSource):
    """A source of the given variables, not the process's own, with lists separated by commas."""

    given: Mapping[str, str] = {}

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self.given

    def prepare_field_value(
        self, field_name: str, field: FieldInfo, value: object, value_is_complex: bool
    ) -> object:
        if isinstance(value, str) and get_origin(field.annotation) is list:
            return [part.strip() for part in value.split(",") if part.strip()]
        return super().prepare_field_value(field_name, field, value, value_is_complex)


def read_variables(variables: Mapping[str, str]) -> dict[str, Any]:
    """Validate the variables.

    Args:
        variables: Their texts, by the setting's name, for example `fail_on`.

    Returns:
        The values, by the same names. Lists become tuples.

    Raises:
        ValidationError: A value is invalid. Its location is the field's name.
        pydantic_settings.exceptions.SettingsError: path_ignores is not JSON.
    """

    class Given(_Settings):
        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], *_given: object, **_sources: object
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (type("Source", (_Source,), {"given": variables})(settings_cls),)

    return set_values(Given())
