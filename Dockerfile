# sfcred as a container image; docs/ci.md tells how to run it.
#
#     docker build --tag sfcred .
#     docker build --tag sfcred --build-arg EXTRAS=[local-org] .

# The tag is for people, the digest (of the list of all platforms) is what counts.
ARG BASE=python:3.13.15-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285

FROM ${BASE} AS build
# Optional parts of sfcred, as pip writes them: [local-org], [keyring], [local-org,keyring]. What
# they bring is the newest version on the day of the build; all else is pinned.
ARG EXTRAS=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY requirements/build.txt requirements/run.txt requirements/
COPY sfcred sfcred
# The environment is made without pip: what runs sfcred can't install anything.
RUN python -m pip install --require-hashes -r requirements/build.txt \
    && python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && python -m venv --without-pip /opt/sfcred \
    && python -m pip --python /opt/sfcred/bin/python install --require-hashes \
        -r requirements/run.txt \
    && python -m pip --python /opt/sfcred/bin/python install \
        "$(echo /wheels/sfcred-*.whl)${EXTRAS}"

FROM ${BASE}
LABEL org.opencontainers.image.title="sfcred" \
      org.opencontainers.image.description="Salesforce credentials for n8n, as code" \
      org.opencontainers.image.source="https://github.com/sfcred/sfcred" \
      org.opencontainers.image.licenses="Apache-2.0"
# Git tells whether a secret's file is tracked (SFC009) and whether it is ignored before one is
# written. Debian keeps one version of a package in a release, so there is none to pin.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/sfcred /opt/sfcred
# Nothing is written beside what a command is told to write, so the file system may be read-only.
ENV PATH="/opt/sfcred/bin:$PATH" \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# The project is mounted here. Nobody's number: --user makes it that of the files' owner. Git answers
# only to the owner of a repository, because its configuration can name programs to run; an exception
# (safe.directory) would hold for whatever is mounted, so there is none.
WORKDIR /workdir
USER 65532:65532
ENTRYPOINT ["/opt/sfcred/bin/sfcred"]
CMD ["--help"]
