"""From a credential to a token: generators of requests. Only `drive` has a socket."""
