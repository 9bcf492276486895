"""What n8n and its log say about the services around it: its database, Redis and reverse proxy.

Source: npm n8n (scaling, redis-client.service.js), @n8n/db, express-rate-limit, pg, ioredis.
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import NETWORK, OWN

_NOT_SALESFORCE = "It isn't about Salesforce."
_FROM_DRIVER = "n8n shows the database's own text."
_OWN_REDIS = RefusalCause(
    "n8n's queue can't use its Redis: the address, the password, TLS, or a server that isn't Redis "
    "itself",
    "Check QUEUE_BULL_REDIS_* (host, port, username, password, and _TLS for a managed service) in "
    "every n8n process, and Redis's own log. Servers that replace Redis can need other settings. "
    f"{_NOT_SALESFORCE}",
)
_OWN_DATABASE = RefusalCause(
    "n8n can't reach its own database, or the database has no connection left",
    "Check that the database runs, DB_POSTGRESDB_HOST and _PORT, and its limit of connections. "
    f"{_NOT_SALESFORCE}",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "container-name",
        texts(
            "network",
            "getaddrinfo EAI_AGAIN {label}",
            "getaddrinfo ENOTFOUND {label}",
            'could not translate host name "{label}"',
            "Could not resolve host: {label}",
            "NameResolutionError{any}Failed to resolve '{label}'",
        ),
        (
            RefusalCause(
                "a name without a dot is a container's or a service's (such as redis or postgres): "
                "it isn't running, or isn't on the same Docker network as the program that asks",
                "Start it, put both on one network, and compare the name with the one in the "
                "compose file. It isn't about Salesforce, unless `my_domain` was cut off.",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "docker-host-name",
        texts(
            "network",
            "getaddrinfo EAI_AGAIN host.docker.internal",
            "getaddrinfo ENOTFOUND host.docker.internal",
            'could not translate host name "host.docker.internal',
            "Could not resolve host: host.docker.internal",
            "can't resolve 'host.docker.internal'",
            "Failed to resolve 'host.docker.internal'",
            "lookup host.docker.internal",
        ),
        (
            RefusalCause(
                "the name for the host exists only in Docker Desktop, and on Linux only if the "
                "container asks for it",
                "Start the container with `--add-host=host.docker.internal:host-gateway` (in "
                "compose: extra_hosts).",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "loopback-refused",
        texts(
            "network",
            "ECONNREFUSED 127.0.0.1:",
            "ECONNREFUSED ::1:",
            "ECONNREFUSED localhost:",
            "Failed to connect to localhost",
            "Failed to connect to 127.0.0.1",
            "Failed to connect to host.docker.internal",
            "HTTPConnectionPool(host='localhost'{any}Connection refused",
            "HTTPConnectionPool(host='127.0.0.1'{any}Connection refused",
        ),
        (
            RefusalCause(
                "nothing listens on this machine at that port: a service of your own isn't "
                "running, or HTTPS_PROXY names a proxy here that isn't",
                "In a container, localhost is the container itself: use the other container's "
                "name, or host.docker.internal for the host. A service on the host has to listen "
                "on more than 127.0.0.1. It isn't about Salesforce, unless the port is a proxy's.",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "port-in-use",
        texts(
            "network",
            "EADDRINUSE",
            "Address already in use",
            "is already in use. Do you have another instance of n8n",
            "Ports are not available: exposing port",
            "Cannot start the OAuth redirect server on port",
        ),
        (
            RefusalCause(
                "another process has the port: n8n is running already (5678), or another login "
                "waits for its callback",
                "Find it (`ss -ltnp`, on macOS `lsof -i :5678`) and end it, or use another port "
                "(N8N_PORT).",
            ),
        ),
    ),
    Refusal(
        "port-not-allowed",
        texts(
            "network",
            "listen EACCES",
            "listen EACCES: permission denied",
            "bind: permission denied",
        ),
        (
            RefusalCause(
                "the program may not open that port: on Linux and macOS, one below 1024 needs "
                "root's rights",
                "Use a higher port (N8N_PORT, 5678 by default), with a reverse proxy in front for "
                "80 and 443.",
                unless=("high_port",),
            ),
            RefusalCause(
                "Windows keeps a range of ports for itself, and this one is in it",
                "Look at `netsh interface ipv4 show excludedportrange protocol=tcp`, and use "
                "another port: N8N_PORT, or `oauthLocalPort` in sfdx-project.json for the "
                "Salesforce CLI.",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "own-service-refused",
        texts(
            "network",
            *(
                form.format(port)
                for port in (6379, 5432, 3306, 5678, 5679)
                for form in (
                    "ECONNREFUSED {{word}}:{}",
                    "ECONNREFUSED 127.0.0.1:{}",
                    "ECONNREFUSED ::1:{}",
                    "Failed to connect to localhost port {}",
                    "Failed to connect to 127.0.0.1 port {}",
                    "ECONNREFUSED :::{}",
                    "ETIMEDOUT {{word}}:{}",
                    "EHOSTUNREACH {{word}}:{}",
                    "localhost port {}",
                    "127.0.0.1 port {}",
                )
            ),
        ),
        (
            RefusalCause(
                "a service of your own doesn't answer there: port 6379 is Redis, 5432 PostgreSQL, "
                "3306 MySQL, 5678 n8n itself, and 5679 its task runners",
                "Start it, and look at its log. In a container, localhost is the container itself: "
                "write the service's name. It isn't about Salesforce.",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "n8n-redis",
        texts(
            "n8n",
            "Redis unavailable",
            "Error with Redis",
            "Lost Redis connection",
            "Unable to connect to Redis",
            "due to Redis connection error",
            "Redis connection to {word} failed",
            "[Redis client]",
            "[ioredis] Unhandled error event",
            "Reached the max retries per request limit",
            "MaxRetriesPerRequestError",
            "script tried accessing undeclared key",
        ),
        (_OWN_REDIS,),
        OWN,
    ),
    Refusal(
        "redis-login",
        texts("n8n", "NOAUTH Authentication required", "WRONGPASS invalid username-password pair"),
        (
            RefusalCause(
                "a Redis refuses the password: the one of n8n's queue, if n8n's log has it outside "
                "of any execution",
                _OWN_REDIS.fix,
            ),
            RefusalCause(
                "it is the Redis that a node uses, if only executions with that node fail",
                f"Correct the password in that node's credential. {_NOT_SALESFORCE}",
                signs=("of_a_node",),
            ),
        ),
        _FROM_DRIVER,
    ),
    Refusal(
        "n8n-database-login",
        texts(
            "n8n",
            "password authentication failed for user",
            "no pg_hba.conf entry for host",
            "Access denied for user {any} (using password",
            "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string",
        ),
        (
            RefusalCause(
                "a database (PostgreSQL or MySQL) refuses the user, the password or the host: "
                "n8n's own, if n8n doesn't start, or if one of its commands fails",
                "Compare DB_POSTGRESDB_USER and DB_POSTGRESDB_PASSWORD in every n8n container, and "
                "in the one that imports, with the database's. A database's volume keeps the "
                f"password of its first start. {_NOT_SALESFORCE}",
            ),
            RefusalCause(
                "it is the database of a node, if only executions with that node fail",
                f"Correct user, password and host in that node's credential. {_NOT_SALESFORCE}",
                signs=("of_a_node",),
            ),
        ),
        _FROM_DRIVER,
    ),
    Refusal(
        "n8n-database-unreachable",
        texts(
            "n8n",
            "Database connection timed out",
            "Database is not ready",
            "Database ping failed",
            "Initial database connection attempt {any} failed",
            "Could not establish database connection",
            "There was an error initializing DB",
        ),
        (_OWN_DATABASE,),
        OWN,
    ),
    Refusal(
        "sqlite-file",
        texts(
            "n8n",
            "SQLITE_CANTOPEN",
            "SQLITE_CANTOPEN: unable to open database file",
            "SQLITE_READONLY",
            "SQLITE_READONLY: attempt to write a readonly database",
        ),
        (
            RefusalCause(
                "the program, usually n8n, may not write the folder of its SQLite database",
                "Give the folder to the user that runs it: in n8n's container, /home/node/.n8n "
                "belongs to the user node (`chown -R 1000:1000` on the host's folder). "
                f"{_NOT_SALESFORCE}",
            ),
        ),
        OWN,
    ),
    Refusal(
        "database-unreachable",
        texts(
            "n8n",
            "Connection terminated due to connection timeout",
            "timeout exceeded when trying to connect",
            "sorry, too many clients already",
            "remaining connection slots are reserved",
        ),
        (
            RefusalCause(
                "a database can't be reached, or has no connection left: n8n's own, if n8n's log "
                "has it outside of any execution",
                _OWN_DATABASE.fix,
            ),
            RefusalCause(
                "it is the database of a node, if only executions with that node fail",
                "Check the host and port in that node's credential, and the database's limit of "
                f"connections. {_NOT_SALESFORCE}",
                signs=("of_a_node",),
            ),
        ),
        _FROM_DRIVER,
    ),
    Refusal(
        "reverse-proxy-upstream",
        texts(
            "network",
            "failed ({any}) while connecting to upstream",
            "timed out ({any}) while connecting to upstream",
            "prematurely closed connection while reading response header from upstream",
            "no live upstreams while connecting to upstream",
            "host not found in upstream",
            "Argo Tunnel error",
        ),
        (
            RefusalCause(
                "the reverse proxy in front of n8n (such as nginx) doesn't reach n8n",
                "Check that n8n runs, and the address that the proxy forwards to: between "
                "containers, it is the service's name and n8n's own port (5678), not localhost. "
                f"{_NOT_SALESFORCE}",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "n8n-proxy-hops",
        (
            *texts(
                "n8n",
                "'X-Forwarded-For' header is set but the Express 'trust proxy' setting is false",
            ),
            *codes("n8n", "ERR_ERL_UNEXPECTED_X_FORWARDED_FOR", "ERR_ERL_PERMISSIVE_TRUST_PROXY"),
        ),
        (
            RefusalCause(
                "n8n is behind a reverse proxy and doesn't know it",
                "Set N8N_PROXY_HOPS to the number of proxies in front of n8n (1 for nginx, Caddy "
                "or Traefik alone, 2 with Cloudflare before it), and restart n8n.",
            ),
        ),
        OWN,
        is_a_frame=True,
    ),
    Refusal(
        "n8n-push",
        texts(
            "n8n",
            "Origin header does NOT match the expected origin",
            "Invalid origin!",
            "/rest/push{word} failed",
            "You have a connection issue or the server is down",
        ),
        (
            RefusalCause(
                "the reverse proxy in front of n8n doesn't pass on WebSockets, the host's name or "
                "the protocol, so n8n's editor loses its connection",
                "In nginx, pass on Upgrade, Connection, Host and X-Forwarded-Proto. Set "
                f"N8N_EDITOR_BASE_URL and N8N_PROXY_HOPS. {_NOT_SALESFORCE}",
            ),
        ),
        OWN,
        is_a_frame=True,
    ),
    Refusal(
        "n8n-secure-cookie",
        texts(
            "n8n",
            "configured to use a secure cookie",
            "Invalid or expired authorization session",
        ),
        (
            RefusalCause(
                "the browser drops n8n's cookie, because n8n is open over plain HTTP",
                "Open n8n over HTTPS, or at http://localhost. N8N_SECURE_COOKIE=false allows plain "
                "HTTP, where anybody on the way can read the session.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-editor-session",
        texts(
            "n8n",
            "ResponseError: Unauthorized",
            "/rest/{word} 401 (Unauthorized)",
            "401 (Unauthorized) {word}/rest/",
            "browserId check failed",
        ),
        (
            RefusalCause(
                "the browser has no valid session of n8n: it has ended, or its cookie doesn't come "
                "back (plain HTTP, or another host name)",
                "Log in to n8n again at its public address. Behind a reverse proxy, set "
                "N8N_EDITOR_BASE_URL and N8N_PROTOCOL=https.",
            ),
        ),
        OWN,
        says_little=True,
    ),
)
