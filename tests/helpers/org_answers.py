"""What an org answers in the tests: a token, its own record, and its user."""

OWN = "acme--uat.sandbox.my.salesforce.com"
HOST = f"https://{OWN}"
GRANTED = {
    "access_token": "00D000000000001!accessTokenOfTheTests",
    "instance_url": HOST,
    "scope": "api refresh_token",
    "id": f"{HOST}/id/00D000000000001EAA/005000000000001AAA",
    "token_type": "Bearer",
}
RECORD = {"Id": "00D000000000001EAA", "IsSandbox": True, "TrialExpirationDate": None}
ORGANIZATION = {"records": [RECORD]}
USER = {
    "user_id": "005000000000001AAA",
    "organization_id": "00D000000000001EAA",
    "preferred_username": "n8n@acme.com.uat",
}
