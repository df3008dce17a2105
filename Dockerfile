# The service with its model: docker build -t pembinaan . && docker run --init -p 127.0.0.1:8000:8000 pembinaan
# docs/deploy.md says what to set.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/pembinaan
COPY pyproject.toml README.md LICENSE ./
COPY extractor extractor
COPY models models
COPY corpus corpus
COPY service service
RUN /opt/pembinaan/bin/python -m pip install --no-cache-dir --disable-pip-version-check '.[postgres]'

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/pembinaan --create-home pembinaan
COPY --from=build /opt/pembinaan /opt/pembinaan
ENV PATH=/opt/pembinaan/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PEMBINAAN_STORE=/var/lib/pembinaan/store.sqlite
USER 10001
WORKDIR /var/lib/pembinaan
VOLUME /var/lib/pembinaan
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
# Inside, every address; what is reached from outside is for `docker run -p` to say.
CMD ["pembinaan", "serve", "--host", "0.0.0.0", "--port", "8000"]
