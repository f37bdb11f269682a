import type { ArtefactKind } from '../../../src/engine/model/artefacts.ts';

export interface Sample {
  readonly path: string;
  readonly kind: ArtefactKind;
  readonly text: string;
}

/** One realistic file per kind; the robustness tests cut, mutate and re-encode all of them. */
export const SAMPLES: readonly Sample[] = [
  {
    path: 'package.json',
    kind: 'package-json',
    text: `{
  "name": "@shop/api",
  "version": "1.2.0",
  "type": "module",
  "main": "dist/main.js",
  "private": true,
  "bin": { "shop": "./bin/shop.js" },
  "scripts": { "start": "node dist/main.js", "build": "tsc -p ." },
  "workspaces": ["apps/*", "packages/*"],
  "engines": { "node": ">=22" },
  "dependencies": { "express": "^4.21.0", "pg": "8.13.0" },
  "devDependencies": { "typescript": "~5.9.0" },
  "exports": { ".": "./dist/main.js" }
}
`,
  },
  {
    path: 'package-lock.json',
    kind: 'lockfile',
    text: `{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "express": "^4.0.0" } },
    "node_modules/a/node_modules/express": { "version": "3.21.2" },
    "node_modules/express": { "version": "4.21.0" },
    "node_modules/@nestjs/core": { "version": "11.1.0" },
    "node_modules/alias": { "name": "real", "version": "2.0.0" },
    "node_modules/local": { "resolved": "packages/local", "link": true }
  }
}
`,
  },
  {
    path: 'pnpm-lock.yaml',
    kind: 'lockfile',
    text: `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      express:
        specifier: ^5.0.0
        version: 5.1.0
      '@nestjs/core':
        specifier: ^11.0.0
        version: 11.1.0(reflect-metadata@0.2.2)

packages:

  '@nestjs/core@11.1.0':
    resolution: {integrity: sha512-x}

  express@4.21.0:
    resolution: {integrity: sha512-y}

  express@5.1.0:
    resolution: {integrity: sha512-z}

snapshots:

  express@5.1.0(supports-color@8.0.0):
    dependencies:
      debug: 4.4.0
`,
  },
  {
    path: 'tsconfig.json',
    kind: 'tsconfig',
    text: `{
  // The base is shared.
  "extends": "./tsconfig.base.json",
  "compilerOptions": {
    "target": "ES2022",
    "baseUrl": ".",
    "rootDir": "src",
    "outDir": "dist",
    "experimentalDecorators": true,
    "paths": { "@app/*": ["src/*", "gen/*"], },
  },
  "references": [{ "path": "../common" }],
  "include": ["src"],
}
`,
  },
  {
    path: 'supabase/config.toml',
    kind: 'config',
    text: `project_id = "shop"

[api]
enabled = true
port = 54321
schemas = ["public", 'storage'] # exposed
[auth.external.github]
secret = "env(GITHUB_SECRET)"
`,
  },
  {
    path: 'Dockerfile',
    kind: 'dockerfile',
    text: `# syntax=docker/dockerfile:1
ARG NODE=22
FROM --platform=$BUILDPLATFORM node:\${NODE}-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci \\
    # keep the log quiet
    --no-audit
COPY . .
RUN npm run build

FROM node:22.11-alpine@sha256:0123abcd AS base
ENV NODE_ENV=production LOG_LEVEL="info"
USER node
CMD ["npm", "start"]

FROM base AS runtime
WORKDIR /srv
WORKDIR app
COPY --from=build --chown=node:node ["/app/dist", "./dist"]
EXPOSE 3000/tcp 9090
HEALTHCHECK --interval=5s CMD curl -f http://localhost:3000/healthz || exit 1
ENTRYPOINT ["node", \\
  "dist/main.js"]
`,
  },
  {
    path: 'k8s/api.yaml',
    kind: 'kubernetes',
    text: `# The public API.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
  labels: &labels { app: api }
spec:
  replicas: 3
  selector:
    matchLabels: *labels
  template:
    metadata:
      labels:
        <<: *labels
        tier: "web"
      annotations:
        prometheus.io/path: /metrics
    spec:
      terminationGracePeriodSeconds: 45
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
      containers:
        - name: api
          image: "ghcr.io/shop/api:1.4.2"
          ports:
            - name: http
              containerPort: 3000
          env:
            - name: PORT
              value: "3000"
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef: { name: db, key: password }
          envFrom:
            - configMapRef:
                name: api-config
          readinessProbe:
            httpGet: { path: /readyz, port: http }
            periodSeconds: 5
          livenessProbe:
            exec:
              command: [sh, -c, "true"]
          resources:
            requests: { cpu: 100m, memory: 256Mi }
            limits: { memory: 512Mi }
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL] }
          lifecycle:
            preStop:
              exec: { command: [sleep, "10"] }
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: tmp
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec:
  selector: { app: api }
  ports:
    - { name: http, port: 80, targetPort: http }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: api }
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /api
            pathType: Prefix
            backend: { service: { name: api, port: { number: 80 } } }
---
apiVersion: v1
kind: List
items:
  - apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: { name: api }
    spec: { minReplicas: 2, maxReplicas: 10, scaleTargetRef: { kind: Deployment, name: api } }
  - apiVersion: v1
    kind: Secret
    metadata: { name: db }
    stringData: { password: hunter2 }
`,
  },
  {
    path: 'charts/api/templates/deployment.yaml',
    kind: 'helm-template',
    text: `apiVersion: apps/v1
kind: Deployment
spec:
  {{- if .Values.replicas }}
  replicas: {{ .Values.replicas }}
  {{- end }}
`,
  },
  {
    path: 'docker-compose.yml',
    kind: 'compose',
    text: `x-base: &base
  restart: unless-stopped
services:
  api:
    <<: *base
    build:
      context: ./api
      target: runtime
    command: npm run "start prod"
    ports:
      - "127.0.0.1:8080:3000/tcp"
      - 9090
      - \${PORT:-4000}:4000
      - { target: 5000, published: "5001" }
    environment:
      - NODE_ENV=production
      - "REDIS_URL=redis://redis:6379"
      - HOST_ONLY
    env_file: .env
    depends_on:
      db: { condition: service_healthy }
    volumes:
      - ./data:/data:ro
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:3000/healthz"]
    read_only: true
    deploy: { replicas: 2 }
    stop_grace_period: 30s
  db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: postgres }
    healthcheck:
      test: pg_isready || exit 1
    volumes: [pgdata:/var/lib/postgresql/data]
volumes:
  pgdata:
`,
  },
  {
    path: 'serverless.yml',
    kind: 'serverless',
    text: `service: orders
provider:
  name: aws
  runtime: nodejs22.x
  environment:
    TABLE: !Ref OrdersTable
    STAGE: \${self:provider.stage}
  httpApi:
    authorizers:
      cognitoJwt: { type: jwt }
functions:
  create:
    handler: src/orders.create
    timeout: 10
    events:
      - httpApi: { path: /orders, method: post, authorizer: { name: cognitoJwt } }
      - http: GET /orders/{id}
      - http:
          path: health
          method: get
          private: true
      - sqs:
          arn: !GetAtt [Queue, Arn]
  admin:
    handler: src/admin.run
    url: true
`,
  },
  {
    path: 'template.yaml',
    kind: 'sam',
    text: `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Runtime: nodejs22.x, Timeout: 5 }
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      Auth:
        DefaultAuthorizer: Cognito
        Authorizers: { Cognito: { UserPoolArn: !GetAtt Pool.Arn } }
  Orders:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [app.ts] } }
    Properties:
      CodeUri: orders/
      Handler: app.handler
      Events:
        Create:
          Type: Api
          Properties: { Path: /orders, Method: post, Auth: { Authorizer: NONE } }
`,
  },
  {
    path: 'wrangler.toml',
    kind: 'wrangler',
    text: `name = "shop"
main = "src/index.ts"
compatibility_date = "2026-01-15"
compatibility_flags = ["nodejs_compat"]
kv_namespaces = [
  { binding = "CACHE", id = "abc" },
]

[vars]
API_HOST = "example.com"

[triggers]
crons = ["0 * * * *"]

[[d1_databases]]
binding = "DB"
database_name = 'shop'

[[durable_objects.bindings]]
name = "COUNTER"
class_name = "Counter"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Counter"]

[[queues.consumers]]
queue = "mail"

[env.production.vars]
API_HOST = "api.example.com"
`,
  },
  {
    path: 'wrangler.jsonc',
    kind: 'wrangler',
    text: `{
  // Comments are allowed.
  "name": "edge",
  "ai": { "binding": "AI" },
  "workflows": [{ "name": "w", "binding": "FLOW", "class_name": "Flow" }],
  "secrets": { "required": ["TOKEN"] },
  "env": { "staging": { "r2_buckets": [{ "binding": "FILES" }] } },
}
`,
  },
  {
    path: 'openapi.yaml',
    kind: 'openapi',
    text: `openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
servers:
  - url: https://{host}/api/{version}/
    variables: { host: { default: shop.example.com }, version: { default: v2 } }
security: [{ bearer: [] }]
paths:
  /orders/{id}:
    parameters:
      - $ref: '#/components/parameters/Id'
    get:
      operationId: getOrder
      security: []
      responses: { "200": { description: ok }, '404': { description: none } }
    put:
      tags: [orders]
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } }
      responses: { default: { description: any } }
    x-note: none
  /remote:
    $ref: './other.yaml#/paths/remote'
components:
  parameters:
    Id: { name: id, in: path, required: true, schema: { type: string } }
  schemas:
    Order: { type: object, required: [sku], properties: { sku: { type: string }, note: { type: string } } }
  securitySchemes:
    bearer: { type: http, scheme: bearer }
`,
  },
  {
    path: 'schema.graphql',
    kind: 'graphql-sdl',
    text: `directive @auth(role: String) on FIELD_DEFINITION
schema { query: RootQuery mutation: Mutation }

"""Where reading starts."""
type RootQuery {
  users(first: Int! = 10, tags: [String!]): [User!]!
  me: User @auth(role: "user")
}
type User implements Node {
  id: ID!
  posts: [Post!]!
  role: Role
}
type Post { author: User title: String }
interface Node { id: ID! }
enum Role { ADMIN USER }
union Hit = User | Post
input NewUser { name: String! }
extend type RootQuery { now: Date }
scalar Date
`,
  },
  {
    path: 'prisma/schema.prisma',
    kind: 'prisma',
    text: `// The shop's data.
generator client {
  provider      = "prisma-client-js"
  binaryTargets = ["native", "linux-musl-openssl-3.0.x"]
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

enum Role {
  ADMIN
  USER
}

model User {
  id     String  @id @default(dbgenerated("uuid(')')")) @db.Uuid // key
  email  String  @unique @map("e_mail")
  orders Order[]
  role   Role?   @default(USER)

  @@index([role, email(sort: Desc)])
  @@map("users")
}

model Order {
  id     Int  @id
  userId String
  user   User @relation("owner", fields: [userId], references: [id], onDelete: Cascade)

  @@index(userId)
  @@unique([id, userId], name: "both")
}
`,
  },
  {
    path: 'supabase/migrations/1_init.sql',
    kind: 'sql',
    text: `-- create table not_this (id int);
CREATE TABLE IF NOT EXISTS public."Notes" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  owner uuid NOT NULL REFERENCES auth.users (id),
  price numeric(10, 2) DEFAULT 0,
  body text DEFAULT 'a; b', /* nested /* ; */ */
  CONSTRAINT positive CHECK (price > 0)
);
alter table only "public"."Notes" enable row level security;
create policy "read own" on public."Notes" as permissive for select to authenticated, anon
  using ((select auth.uid()) = owner) with check ( true );
create function notify() returns trigger language plpgsql security definer set search_path = '' as $fn$
begin
  perform 1; -- ';'
  return new;
end;
$fn$;
CREATE UNIQUE INDEX CONCURRENTLY notes_owner ON public."Notes" USING btree (owner, lower(body), id DESC);
alter table notes add column if not exists phone text, drop column old_one, alter column owner set not null, rename to memos;
grant select, insert on table public."Notes", logs to anon, authenticated;
revoke all on all tables in schema public from anon;
create or replace view public.v with (security_invoker = true) as select 1;
do $$ begin raise notice ';'; end $$;
drop table if exists legacy.old cascade;
insert into notes values ('it''s; fine')
`,
  },
  {
    path: '.github/workflows/ci.yml',
    kind: 'github-workflow',
    text: `name: CI
on:
  issue_comment: { types: [created] }
  push:
    branches: [main]
permissions:
  contents: read
env:
  CI: "true"
jobs:
  test:
    runs-on: ubuntu-latest
    if: github.actor != 'bot'
    permissions: write-all
    steps:
      - uses: actions/checkout@v4
        with: { ref: "\${{ github.event.pull_request.head.sha }}" }
      - name: Title
        run: |
          npm ci
          echo "\${{ github.event.issue.title }}"
        env:
          TOKEN: \${{ secrets.NPM_TOKEN }}
  release:
    needs: test
    uses: acme/flows/.github/workflows/release.yml@main
    secrets: inherit
`,
  },
  {
    path: '.env.example',
    kind: 'env-file',
    text: `# Settings
PORT=3000
export DATABASE_URL="postgres://shop:s3cretpw@db:5432/shop"
STRIPE_KEY=sk_live_4eC39HqLyjWDarjtT1zdp7dc # rotate
EMPTY=
API_KEY=<your key>
MULTI="line one
line two"
REF=\${PORT}
FLAG='true'
`,
  },
  {
    path: 'Procfile',
    kind: 'procfile',
    text: `web: node dist/main.js
worker:  npm run worker
`,
  },
  {
    path: 'views/orders.hbs',
    kind: 'template',
    text: `<h1>{{{ shop.name }}}</h1>
{{#each orders}}
  <li>{{{this.note}}} {{name}} {{& ../currency}} {{{format total}}}</li>
{{/each}}
{{{footer
`,
  },
  {
    path: 'docker/entrypoint.sh',
    kind: 'shell',
    text: `#!/bin/sh
set -e
# exec not this one
cleanup() {
  exec false
}
if [ "$MIGRATE" = 1 ]; then
  npx prisma migrate deploy
fi
cat <<EOF
exec not this either
EOF
node worker.js &
exec node \\
  dist/main.js "$@"
`,
  },
];

export function sample(path: string): Sample {
  const found = SAMPLES.find(item => item.path === path);
  if (!found) throw new Error(`no sample ${path}`);
  return found;
}
