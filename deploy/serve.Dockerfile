# syntax=docker/dockerfile:1
# The page and its API in an image without a shell or a package manager (chiselled), for a user that is not root, on a file system
# that may be read-only. From the repository's root:
#
#   docker build -f deploy/serve.Dockerfile -t digitml-serve --build-arg REVISION=$(git rev-parse HEAD) .
#   (or: buildah bud --format docker -f deploy/serve.Dockerfile …; OCI's format knows no health check and would drop it)
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -p 127.0.0.1:5080:5080 digitml-serve
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig LICENSE README.md ./
COPY src/ src/
COPY artifacts/ artifacts/
COPY data/samples/ data/samples/
RUN dotnet publish src/DigitML.Cli -c Release -o /app -p:UseAppHost=false -p:PackAsTool=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
ARG REVISION=unknown
LABEL org.opencontainers.image.title="DigitML" \
      org.opencontainers.image.description="A page and an HTTP API that read handwritten digits" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /app /app
# Diagnostics would open a pipe in /tmp; nothing of the server needs to write.
ENV DOTNET_EnableDiagnostics=0
USER $APP_UID
EXPOSE 5080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["dotnet", "/app/DigitML.Cli.dll", "serve", "--probe"]
ENTRYPOINT ["dotnet", "/app/DigitML.Cli.dll", "serve", "--address", "0.0.0.0", "--json-log"]
