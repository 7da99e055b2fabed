# One image for every process of the lab; docker-compose.yml says which program each container runs.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY protocol/package.json protocol/
COPY model/package.json model/
COPY command/package.json command/
COPY tracer/package.json tracer/
COPY services/package.json services/
COPY collector/package.json collector/
COPY viewer/package.json viewer/
COPY loadtest/package.json loadtest/
COPY lab/package.json lab/

FROM manifests AS viewer
RUN npm ci --ignore-scripts
COPY . .
RUN npx vite build --config viewer/vite.config.ts

# The image brings its own Node, so npm's (an optional dependency) stays out, and with it all that only development needs.
FROM manifests AS packages
RUN npm ci --ignore-scripts --omit=dev --omit=optional

FROM ${NODE_IMAGE}
WORKDIR /app
COPY --from=packages /app ./
COPY . .
COPY --from=viewer /app/viewer/dist viewer/dist
RUN mkdir -p /data .tracelab && chown node:node /data .tracelab
USER node
ENV LAB_HOST=0.0.0.0 LAB_DATA_DIR=/data NODE_COMPILE_CACHE=/app/.tracelab/compile-cache NODE_ENV=production
ENTRYPOINT ["node"]
