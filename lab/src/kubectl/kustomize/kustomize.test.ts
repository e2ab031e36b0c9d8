import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHash } from './hash.ts'
import { build, buildObjects } from './index.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'wild-kustomize-')))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
}
const kustomization = (content: object, more: Record<string, string> = {}): void =>
  write({ 'kustomization.yaml': JSON.stringify(content), ...more })

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      name: web
  template:
    metadata:
      labels:
        name: web
    spec:
      containers:
      - name: web
        image: nginx:1.27
        env:
        - name: A
          value: "1"
        envFrom:
        - configMapRef:
            name: settings
`
const service =
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector:\n    name: web\n  ports:\n  - port: 80\n'

// biome-ignore lint/suspicious/noExplicitAny: resources are YAML of any shape
const kinds = (objects: any[]): string[] => objects.map(({ kind }) => kind)

describe('a build', () => {
  it('prints sorted keys, in the order things need each other', async () => {
    kustomization(
      { resources: ['all.yaml'], namespace: 'app', labels: [{ pairs: { app: 'web' }, includeSelectors: true }] },
      { 'all.yaml': `${deployment}---\n${service}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: app}\n` },
    )
    expect(await build(root)).toBe(`apiVersion: v1
kind: Namespace
metadata:
  labels:
    app: web
  name: app
---
apiVersion: v1
kind: Service
metadata:
  labels:
    app: web
  name: web
  namespace: app
spec:
  ports:
  - port: 80
  selector:
    app: web
    name: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app: web
  name: web
  namespace: app
spec:
  selector:
    matchLabels:
      app: web
      name: web
  template:
    metadata:
      labels:
        app: web
        name: web
    spec:
      containers:
      - env:
        - name: A
          value: "1"
        envFrom:
        - configMapRef:
            name: settings
        image: nginx:1.27
        name: web
`)
  })

  it('builds folders below and beside, each with its own namespace and prefix', async () => {
    write({
      'base/kustomization.yaml': 'resources: [service.yaml]\nnamePrefix: a-\n',
      'base/service.yaml': service,
      'overlay/kustomization.yaml': 'resources: [../base]\nnameSuffix: -z\nnamespace: app\n',
    })
    const [object] = await buildObjects(join(root, 'overlay'))
    expect(object.metadata).toEqual({ name: 'a-web-z', namespace: 'app' })
  })

  it('leaves selectors alone when labels are for metadata only', async () => {
    kustomization(
      { resources: ['d.yaml'], labels: [{ pairs: { app: 'web' }, includeTemplates: true }] },
      { 'd.yaml': deployment },
    )
    const [{ spec }] = await buildObjects(root)
    expect(spec.selector.matchLabels).toEqual({ name: 'web' })
    expect(spec.template.metadata.labels).toEqual({ app: 'web', name: 'web' })
  })

  it('gives generated maps a hash and rewrites the references to them', async () => {
    kustomization(
      {
        resources: ['d.yaml'],
        configMapGenerator: [{ name: 'settings', literals: ['a=1'], files: ['x.txt'] }],
        secretGenerator: [{ name: 's', envs: ['.env'] }],
      },
      { 'd.yaml': deployment, 'x.txt': 'text\n', '.env': '# comment\nKEY=value\n' },
    )
    const [map, secret, made] = await buildObjects(root)
    expect(map.data).toEqual({ a: '1', 'x.txt': 'text\n' })
    expect(map.metadata.name).toMatch(/^settings-[a-z0-9]{10}$/)
    expect(secret).toMatchObject({ type: 'Opaque', data: { KEY: 'dmFsdWU=' } })
    expect(made.spec.template.spec.containers[0].envFrom[0].configMapRef.name).toBe(map.metadata.name)
  })

  it('patches by merging, by JSON operations and by target', async () => {
    const merge =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, env: [{name: B, value: "2"}]}]}}}\n'
    kustomization(
      {
        resources: ['d.yaml', 's.yaml'],
        patches: [
          { path: 'merge.yaml' },
          { patch: '- {op: replace, path: /spec/ports/0/port, value: 81}', target: { kind: 'Service', name: 'w.*' } },
        ],
        images: [{ name: 'nginx', newTag: '1.28' }],
        replicas: [{ name: 'web', count: 3 }],
      },
      { 'd.yaml': deployment, 's.yaml': service, 'merge.yaml': merge },
    )
    const [changed, web] = await buildObjects(root)
    expect(changed.spec.ports).toEqual([{ port: 81 }])
    expect(web.spec.replicas).toBe(3)
    const [container] = web.spec.template.spec.containers
    expect([container.image, container.env]).toEqual([
      'nginx:1.28',
      [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
    ])
  })

  it('moves the accounts that bindings name', async () => {
    const binding =
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\nsubjects: [{kind: ServiceAccount, name: a, namespace: old}]\n'
    kustomization(
      { resources: ['b.yaml'], namespace: 'new' },
      { 'b.yaml': `${binding}---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: old}\n` },
    )
    const objects = await buildObjects(root)
    expect(kinds(objects)).toEqual(['ServiceAccount', 'ClusterRoleBinding'])
    expect(objects[1].subjects[0].namespace).toBe('new')
    expect(objects[1].metadata.namespace).toBeUndefined()
  })
})

describe('the content hash', () => {
  it.each([
    ['an empty ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap' }, '6ct58987ht'],
    ['a ConfigMap with one key', { kind: 'ConfigMap', data: { one: '' } }, '9g67k2htb6'],
    ['a ConfigMap with three keys', { kind: 'ConfigMap', data: { two: 2, one: '', three: 3 } }, '7757f9kkct'],
    ['an empty Secret', { kind: 'Secret', type: 'my-type' }, '5gmgkf8578'],
    ['a Secret with one key', { kind: 'Secret', type: 'my-type', data: { one: '' } }, '74bd68bm66'],
  ])("of %s is kustomize's", (_, object, hash) => {
    expect(contentHash(object)).toBe(hash)
  })
})

describe("mistakes are told in kustomize's words:", () => {
  it('no kustomization', async () => {
    await expect(build(root)).rejects.toThrow(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${root}'`,
    )
    await expect(build(join(root, 'x'))).rejects.toThrow(
      /^must build at directory: not a valid directory: evalsymlink failure on/,
    )
  })

  it('a missing file', async () => {
    kustomization({ resources: ['x.yaml'] })
    await expect(build(root)).rejects.toThrow(
      `accumulating resources: accumulation err='accumulating resources from 'x.yaml': evalsymlink failure on '${root}/x.yaml' : lstat ${root}/x.yaml: no such file or directory'`,
    )
  })

  it('a file outside', async () => {
    write({ 'a/kustomization.yaml': 'resources: [../s.yaml]\n', 's.yaml': service })
    await expect(build(join(root, 'a'))).rejects.toThrow(
      `security; file '${root}/s.yaml' is not in or below '${root}/a'`,
    )
  })

  it('an unknown field', async () => {
    kustomization({ resources: [], bogus: 1 })
    await expect(build(root)).rejects.toThrow('invalid Kustomization: json: unknown field "bogus"')
  })

  it('the same thing twice', async () => {
    kustomization({ resources: ['a.yaml', 'b.yaml'] }, { 'a.yaml': deployment, 'b.yaml': deployment })
    await expect(build(root)).rejects.toThrow(
      'may not add resource with an already registered id: Deployment.v1.apps/web.[noNs]',
    )
  })

  it('broken YAML', async () => {
    kustomization({ resources: ['a.yaml'] }, { 'a.yaml': 'a: b\n c: d\n' })
    await expect(build(root)).rejects.toThrow(/MalformedYAMLError: yaml: line \d: .* in File: a\.yaml/)
  })

  it('a boolean where text is wanted', async () => {
    write({ 'kustomization.yaml': 'labels:\n- pairs: {x: y}\n' })
    await expect(build(root)).rejects.toThrow(
      'cannot unmarshal bool into Go struct field Label.labels.pairs.x of type string',
    )
  })

  it('a patch for nothing', async () => {
    kustomization({ resources: ['s.yaml'], patches: [{ patch: deployment }] }, { 's.yaml': service })
    await expect(build(root)).rejects.toThrow(
      'no resource matches strategic merge patch "Deployment.v1.apps/web.[noNs]"',
    )
  })
})
