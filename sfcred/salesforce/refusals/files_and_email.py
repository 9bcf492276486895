"""Files that are too large or not allowed, and e-mail that Salesforce doesn't send.

Source: SOAP API Developer Guide, "Core Data Types Used in API Calls" (StatusCode); REST API
Developer Guide, "Insert or Update Blob Data".
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import AFTER_LOGIN

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "file-too-large",
        (
            *texts("node", "Maximum size of request reached"),
            *codes(
                "node",
                "PAYLOAD_SIZE_EXCEEDED",
                "FILE_SIZE_LIMIT_EXCEEDED",
                "MAXIMUM_SIZE_OF_ATTACHMENT",
                "MAXIMUM_SIZE_OF_DOCUMENT",
                "IMAGE_TOO_LARGE",
                "WEBLINK_SIZE_LIMIT_EXCEEDED",
            ),
        ),
        (
            RefusalCause(
                "the file or the whole request is too large for this kind of call (a request in "
                "JSON can have 50 MB, and a file in it grows by a third)",
                "Send a smaller file or fewer records per call. A larger file needs a multipart "
                "request, for example n8n's HTTP Request node.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "file-type",
        codes("node", "FILE_EXTENSION_NOT_ALLOWED", "HTML_FILE_UPLOAD_NOT_ALLOWED"),
        (
            RefusalCause(
                "the org doesn't allow files of this type",
                "Change it in Setup, File Upload and Download Security, or send another type.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "attachment-permission",
        codes("node", "NO_ATTACHMENT_PERMISSION"),
        (
            RefusalCause(
                "the user may not add attachments to this kind of record",
                "Give the user's permission set edit access to the parent's object.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "email-limit",
        (
            *texts("node", "The daily limit for the org would be exceeded by this operation"),
            *codes(
                "node",
                "SINGLE_EMAIL_LIMIT_EXCEEDED",
                "MASS_MAIL_LIMIT_EXCEEDED",
                "MASSMAIL_RETRY_LIMIT_EXCEEDED",
                "NO_MASS_MAIL_PERMISSION",
            ),
        ),
        (
            RefusalCause(
                "the org has sent as much e-mail as it may today, or the user may not send any",
                "Send less from Salesforce, or from n8n. The user needs Send Email (and Mass "
                "Email) in a permission set.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "email-recipient",
        codes(
            "node",
            "EMAIL_OPTED_OUT",
            "OPTED_OUT_OF_MASS_MAIL",
            "EMAIL_ADDRESS_BOUNCED",
            "UNSPECIFIED_EMAIL_ADDRESS",
        ),
        (
            RefusalCause(
                "the recipient has no e-mail address, has opted out, or earlier e-mail bounced",
                "Look at the contact's or lead's Email and Email Opt Out.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "email-sender",
        codes("node", "UNVERIFIED_SENDER_ADDRESS"),
        (
            RefusalCause(
                "the sender's address or its domain isn't verified in the org",
                "Verify it in Setup: Organization-Wide Addresses, or the user's Email.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "email-template",
        codes(
            "node",
            "EMAIL_TEMPLATE_FORMULA_ERROR",
            "EMAIL_TEMPLATE_MERGEFIELD_ACCESS_ERROR",
            "EMAIL_TEMPLATE_MERGEFIELD_ERROR",
            "EMAIL_TEMPLATE_MERGEFIELD_VALUE_ERROR",
            "EMAIL_TEMPLATE_PROCESSING_ERROR",
            "TEMPLATE_NOT_ACTIVE",
            "TEMPLATE_NOT_FOUND",
        ),
        (
            RefusalCause(
                "the e-mail template is inactive or missing, or has a field that fails",
                "Look at the template that the text names: Setup, Classic Email Templates or "
                "Lightning Email Templates.",
            ),
        ),
        AFTER_LOGIN,
    ),
)
