"""The providers: each a file with a `PROVIDER`, whose interface is `sfcred.secrets.provider`."""
