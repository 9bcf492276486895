"""From a credential to a token: generators of requests, one for each grant."""
