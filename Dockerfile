# Directive tracker in a container: `docker build -t directive-tracker .`

FROM rust:1.95-slim-bookworm AS builder
WORKDIR /build
# gcc and the headers of libc come with the image; SQLite, libpq and the cryptography are built from the crates.
COPY . .
RUN cargo build --release --locked

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tracker \
    && install --directory --owner=tracker --group=tracker --mode=0700 /data
COPY --from=builder /build/target/release/directive-tracker /usr/local/bin/directive-tracker
COPY LICENSE /usr/share/doc/directive-tracker/LICENSE
ENV DIRECTIVE_TRACKER_LISTEN=0.0.0.0:8080 \
    DIRECTIVE_TRACKER_DATABASE_URL=sqlite:/data/directive-tracker.db \
    DIRECTIVE_TRACKER_SECRET_FILE=/data/directive-tracker.secret
USER tracker
WORKDIR /data
VOLUME /data
EXPOSE 8080
# It finds the address in DIRECTIVE_TRACKER_LISTEN, as the server does.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["directive-tracker", "health"]
ENTRYPOINT ["directive-tracker"]
CMD ["serve"]
