"""The two kinds of apps that a login can use."""

from typing import Literal

AppType = Literal["external_client_app", "connected_app"]
