import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { z } from 'zod'
import * as daemon from '../../server/src/domains/catalog/model.ts'
import { bundled } from './lint.ts'
import * as checked from './manifest.ts'
import { readSources } from './sources.ts'

// biome-ignore lint/suspicious/noExplicitAny: manifests of every shape, most of them wrong
type Any = any

const manifests = (await readSources(bundled.catalog)).map(({ kind, name, files }) => ({
  kind,
  name,
  manifest: parse(files.get('manifest.yaml')!),
}))

/** One of each kind with every field there is, since no bundled entry uses all. */
const complete = [
  {
    kind: 'app' as const,
    name: 'an app with everything',
    manifest: parse(`
name: blog
title: Blog
description: A blog.
version: 1.2.3
category: content
icon: icon.svg
links: { website: "https://example.org" }
dependsOn: [mysql]
config:
  theme: { type: choice, title: Theme, prompt: Which, help: How it looks, choices: [light, dark], default: light }
  public: { type: boolean, title: Public, default: true }
secrets:
  - { path: apps.blog.password, kind: generated }
  - { path: cloud.smtp.password, kind: supplied, optional: true, description: Of the relay. }
  - { path: apps.blog.dbUrl, kind: derived, template: "mysql://{{ .secrets.apps.blog.password }}" }
url: https://blog.example.org
ready: [{ kind: Deployment, apiVersion: apps/v1, name: blog, namespace: blog, condition: Available, timeoutSeconds: 60 }]
backup:
  volumes: [blog-content]
  databases:
    - { kind: mysql, app: mysql, name: blog }
  quiesce: true
notes: Done.
`),
  },
  {
    kind: 'service' as const,
    name: 'a service with everything',
    manifest: parse(`
name: names
title: Names
description: Names.
version: v1.0.0
category: infrastructure
core: false
onRequest: true
aliases: [old-names]
namespace: names
dependsOn: [traefik]
requiresConfig: [cloud.domain]
config: { cloud.names.zone: { type: hostname, title: Zone, prompt: Which zone, default: example.org } }
secrets: [{ name: token, namespace: names, keys: { token: names.token }, kind: generated, optional: true, description: A token. }]
upstream: [{ name: release, url: "https://example.org/v1.0.0/release.yaml" }]
apply:
  - { kustomize: names, title: Names, upstream: [release], whenSecret: names.token, ready: [{ kind: Job, name: one, condition: Complete, remedy: Do it }] }
  - { kustomize: none, title: None, unlessSecret: names.token, mergeInto: { configMap: coredns, namespace: kube-system, key: Corefile } }
health:
  - { check: objects, title: One, remedy: Do it, kind: Job, apiVersion: batch/v1, namespace: names, condition: Complete, severity: warning }
  - { check: absent, title: Two, remedy: Do it, kind: Job, apiVersion: batch/v1, name: two, says: It is there. }
  - { check: addresses, title: Three, remedy: Do it }
  - { check: copies, title: Four, remedy: Do it }
  - { check: expiry, title: Five, remedy: Do it, days: 7 }
  - { check: default-class, title: Six, remedy: Do it, name: six }
  - { check: block, title: Seven, remedy: Do it, configMap: seven }
  - { check: endpoints, title: Eight, remedy: Do it, service: eight }
  - { check: page, title: Nine, remedy: Do it, host: nine.example.org }
  - { check: tcp, title: Ten, remedy: Do it, host: cloud.smtp.host, port: cloud.smtp.port }
  - { check: nfs, title: Eleven, remedy: Do it, host: cloud.nfs.host, path: cloud.nfs.mediaPath }
token: { account: admin, hours: 2 }
`),
  },
]

const schemas: Record<'app' | 'service', Record<'daemon' | 'checked', z.ZodType>> = {
  app: { daemon: daemon.appManifest, checked: checked.appManifest },
  service: { daemon: daemon.serviceManifest, checked: checked.serviceManifest },
}

/** What a schema makes of a manifest: the manifest with its defaults, or the places it does not like. */
function verdict(schema: z.ZodType, manifest: unknown): unknown {
  const { success, data, error } = schema.safeParse(manifest)
  return success ? data : error.issues.map(({ code, path }) => `${code} ${path.join('.')}`)
}

/** Every place in a tree, the root included. */
function placesIn(tree: Any, path: string[] = []): string[][] {
  if (typeof tree !== 'object' || tree === null) return [path]
  return [path, ...Object.entries(tree).flatMap(([key, value]) => placesIn(value, [...path, key]))]
}

/** A copy with one place changed; `undefined` removes what is there. */
function withChange(tree: Any, path: string[], value: unknown): Any {
  if (path.length === 0) return value
  const copy = structuredClone(tree)
  const holder = path.slice(0, -1).reduce((at, key) => at[key], copy)
  const last = path.at(-1)!
  if (value !== undefined) holder[last] = value
  else if (Array.isArray(holder)) holder.splice(Number(last), 1)
  else delete holder[last]
  return copy
}

const strangers: unknown[] = [
  undefined,
  null,
  '',
  'Some Text!',
  'a-name',
  'a'.repeat(64),
  'generated',
  'supplied',
  'derived',
  'choice',
  'Exists',
  'icon.png',
  'http://example.com/a',
  'ftp://example.com',
  0,
  2.5,
  -1,
  5000,
  true,
  [],
  ['a'],
  {},
  { unknown: 1 },
]

/** The manifest as it is and with every place of it changed in every way. */
function variants(manifest: Any): Any[] {
  return placesIn(manifest).flatMap((path) => [
    ...strangers.map((value) => withChange(manifest, path, value)),
    ...(placesIn(manifest).some(
      (other) => other.length === path.length + 1 && path.every((key, at) => key === other[at]),
    )
      ? [withChange(manifest, [...path, 'unknown'], 'field')]
      : []),
  ])
}

describe.each([...manifests, ...complete])('the manifest of $name', ({ kind, manifest }) => {
  it('means to the check what it means to the daemon', () => {
    const found = verdict(schemas[kind].checked, manifest)
    expect(found).toEqual(verdict(schemas[kind].daemon, manifest))
    expect(found).toMatchObject({ name: manifest.name })
  })

  it('is refused by both or by neither, for the same reason, whatever is changed in it', () => {
    const different = variants(manifest).filter(
      (variant) =>
        JSON.stringify(verdict(schemas[kind].checked, variant)) !==
        JSON.stringify(verdict(schemas[kind].daemon, variant)),
    )
    expect(different).toEqual([])
  })
})

it('has the same words for conditions and types as the daemon', () => {
  expect(checked.readyConditions).toEqual(daemon.readyConditions)
  expect(checked.configField.shape.type.options).toEqual(daemon.valueTypes)
  expect(checked.appManifest.shape.category.options).toEqual(daemon.categories)
})
