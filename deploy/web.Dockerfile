# syntax=docker/dockerfile:1.7
# The web app as files, and an nginx that serves them: docker build -f deploy/web.Dockerfile -t kilas-web .
# The same versions as in deploy/Dockerfile and deploy/compose.yaml.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6

FROM ${NODE_IMAGE} AS build
WORKDIR /kilas
COPY package.json package-lock.json .npmrc ./
COPY packages packages
COPY services services
COPY apps apps
RUN --mount=type=cache,target=/root/.npm \
  npm ci --omit=dev --ignore-scripts --workspace apps/web --workspace packages/web-build --no-audit --no-fund
RUN cp -r "$(node packages/web-build/src/main.ts)" /web

FROM nginxinc/nginx-unprivileged:1.28.0-alpine
COPY deploy/proxies/web.conf /etc/nginx/nginx.conf
COPY --from=build /web /web
EXPOSE 8080
# Without the image's start scripts, which write into /etc.
ENTRYPOINT ["nginx", "-g", "daemon off;"]
HEALTHCHECK --interval=5s --timeout=3s --retries=3 CMD ["wget", "-q", "--spider", "http://127.0.0.1:8080/"]
