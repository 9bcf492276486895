"""The elements that a Connected App's file and an External Client App's begin with."""

from sfcred.salesforce.metadata.model import AppSettings
from sfcred.salesforce.metadata.xml import Fields

#: The elements, by setting.
HEAD = {
    "label": "label",
    "contact_email": "contactEmail",
    "contact_phone": "contactPhone",
    "description": "description",
    "logo_url": "logoUrl",
    "icon_url": "iconUrl",
}


def head_elements(app: AppSettings) -> dict[str, object]:
    """Return the elements for an app's settings. None where nothing is stated."""
    return {
        "contactEmail": app.contact_email,
        "contactPhone": app.contact_phone,
        "description": app.description,
        "iconUrl": app.icon_url,
        "label": app.label,
        "logoUrl": app.logo_url,
    }


def with_head(settings: AppSettings, file: Fields) -> AppSettings:
    """Return the settings with those that an org's file states. An optional one can be empty."""
    return settings._replace(
        label=file.text("label"),
        contact_email=file.text("contactEmail"),
        contact_phone=file.text("contactPhone") or "",
        description=file.text("description") or "",
        logo_url=file.text("logoUrl") or "",
        icon_url=file.text("iconUrl") or "",
    )
