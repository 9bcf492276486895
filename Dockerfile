# sfcred as a container image. docs/ci.md explains how to run it.
#
#     docker build --tag sfcred .
#     docker build --tag sfcred --build-arg EXTRAS=[local-org] .

# The tag is for readers. The digest (of the list of all platforms) selects the image.
ARG BASE=python:3.13.15-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285

FROM ${BASE} AS build
# Optional parts of sfcred, in pip's notation: [local-org], [keyring], [local-org,keyring]. Their
# packages aren't pinned: the build installs the newest versions. Everything else is pinned.
ARG EXTRAS=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY requirements/build.txt requirements/run.txt requirements/
COPY sfcred sfcred
# Create the environment without pip, so that nothing can be installed at run time. sfcred tells how to
# get more of it, or how CI gets the same one: by the last file, not by the path of a wheel that is gone.
RUN python -m pip install --require-hashes -r requirements/build.txt \
    && python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && python -m venv --without-pip /opt/sfcred \
    && python -m pip --python /opt/sfcred/bin/python install --require-hashes \
        -r requirements/run.txt \
    && python -m pip --python /opt/sfcred/bin/python install \
        "$(echo /wheels/sfcred-*.whl)${EXTRAS}" \
    && rm /opt/sfcred/lib/python3.*/site-packages/sfcred-*.dist-info/direct_url.json \
    && touch /opt/sfcred/sfcred-container-image

FROM ${BASE}
# The base image's pip goes, too. Its standard library isn't compiled. In a read-only container, each
# start would compile it anew.
RUN python -m pip uninstall --yes --root-user-action ignore pip \
    && rm -r /usr/local/lib/python3.*/ensurepip \
    && python -m compileall -q /usr/local/lib/python3.*
LABEL org.opencontainers.image.title="sfcred" \
      org.opencontainers.image.description="Salesforce credentials for n8n, as code" \
      org.opencontainers.image.source="https://github.com/sfcred/sfcred" \
      org.opencontainers.image.licenses="Apache-2.0"
# sfcred asks git whether a file with a secret is tracked (SFC009), and whether a file is ignored before
# it writes a secret to it. A Debian release keeps only one version of a package, so don't pin it.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/sfcred /opt/sfcred
# sfcred writes only the files that a command asks for, so the file system can be read-only.
ENV PATH="/opt/sfcred/bin:$PATH" \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# Mount the project here. No account has this user id; pass --user with the id of the files' owner. Git
# works only for the owner of a repository, because its configuration can name programs to run. An
# exception (safe.directory) would apply to anything that is mounted, so this image sets none.
WORKDIR /workdir
USER 65532:65532
ENTRYPOINT ["/opt/sfcred/bin/sfcred"]
CMD ["--help"]
