# The server and its workers in one image; compose.yaml runs them. *Unverified*: written where no container engine was at
# hand, so linted (hadolint) and held by tests/app/cli/serving/test_containers.py against the tree, never built.
#
#   docker build --tag selfmod .

FROM python:3.13-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/selfmod
COPY app/cli/serving/requirements.lock ./requirements.lock
# every package by its hash, and wheels only: nothing of theirs runs while the image is built
RUN /opt/selfmod/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: \
    --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY app ./app
COPY checks ./checks
RUN /opt/selfmod/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
# git: local copies of repositories. bubblewrap: the sandbox; what it needs of the engine stands in compose.yaml.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap ca-certificates git \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --user-group --create-home --home-dir /var/lib/selfmod --shell /usr/sbin/nologin selfmod \
    && chmod 700 /var/lib/selfmod
COPY --from=build /opt/selfmod /opt/selfmod
ENV PATH=/opt/selfmod/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SELFMOD_DATA_DIR=/var/lib/selfmod
USER 10001:10001
WORKDIR /var/lib/selfmod
VOLUME /var/lib/selfmod
EXPOSE 8000
# a worker has it too, with --port
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# SIGTERM ends it within 10 s: what is under way goes on elsewhere
STOPSIGNAL SIGTERM
ENTRYPOINT ["selfmod"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
