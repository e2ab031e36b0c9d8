import { describe, expect, it } from 'vitest'
import { applyArgs, kubectlFixture, manifests } from './kubectl.fixture.ts'

const { there, kubectl } = kubectlFixture()

describe('apply', () => {
  it('applies every document and says so', async () => {
    const ran = await kubectl(applyArgs, manifests)
    expect(ran).toEqual({
      code: 0,
      out: 'namespace/app serverside-applied\ndeployment.apps/web serverside-applied\n',
      err: '',
    })
  })

  it('rehearses on the server', async () => {
    const ran = await kubectl([...applyArgs, '--dry-run=server'], manifests.replaceAll('web', 'other'))
    expect(ran.out).toBe(
      'namespace/app serverside-applied (server dry run)\ndeployment.apps/other serverside-applied (server dry run)\n',
    )
    expect(there.cluster.api.objects.get('Deployment', 'app', 'other')).toBeUndefined()
  })

  it('goes on after a document of a kind the server does not have', async () => {
    const bar = 'apiVersion: foo.io/v1\nkind: Bar\nmetadata:\n  name: x\n'
    const ran = await kubectl(applyArgs, `${bar}---${manifests}`)
    expect(ran.code).toBe(1)
    expect(ran.out).toContain('deployment.apps/web serverside-applied')
    expect(ran.err).toBe(
      'error: resource mapping not found for name: "x" namespace: "" from "STDIN": no matches for kind "Bar" in version "foo.io/v1"\nensure CRDs are installed first\n',
    )
  })

  it('prints the causes of an invalid object', async () => {
    const ran = await kubectl(applyArgs, manifests.replaceAll('{ app: web }', '{ app: other }'))
    expect(ran.code).toBe(1)
    expect(ran.err).toBe(
      'The Deployment "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable\n',
    )
  })

  it('prints warnings once, on stderr', async () => {
    const ran = await kubectl(applyArgs, manifests.replace('drop: [ALL]', 'drop: [ALL], add: [NET_ADMIN]'))
    expect(ran.code).toBe(0)
    expect(ran.err).toMatch(
      /^Warning: would violate PodSecurity "restricted:latest": non-default capabilities \(container "web" must not include "NET_ADMIN" in securityContext\.capabilities\.add\)/,
    )
    expect(ran.err.trim().split('\n')).toHaveLength(1)
  })

  it('says where YAML is broken', async () => {
    const ran = await kubectl(applyArgs, 'a: b\n  c: d\n')
    expect(ran.code).toBe(1)
    expect(ran.err).toMatch(/^error: error parsing STDIN: error converting YAML to JSON: yaml: line \d: /)
  })

  it('reads booleans as YAML 1.1 does', async () => {
    const ran = await kubectl(applyArgs, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, labels: {x: y}}\n')
    expect(ran.err).toContain('.metadata.labels.x: expected string, got true')
  })
})

describe('get', () => {
  it('prints one object, a list, or nothing', async () => {
    const one = await kubectl(['get', 'deployment', 'web', '-n', 'app', '-o', 'json'])
    expect(JSON.parse(one.out)).toMatchObject({ kind: 'Deployment', metadata: { name: 'web' } })
    expect(one.out).toMatch(/^\{\n {4}"apiVersion": "apps\/v1",/)
    const many = JSON.parse((await kubectl(['get', 'deploy', '-A', '-o', 'json'])).out)
    expect([many.kind, many.metadata, many.items.length]).toEqual(['List', { resourceVersion: '' }, 1])
    expect(await kubectl(['get', 'deploy', 'no', '-n', 'app', '-o', 'json', '--ignore-not-found'])).toEqual({
      code: 0,
      out: '',
      err: '',
    })
    expect(await kubectl(['get', 'pods', '-n', 'app'])).toEqual({
      code: 0,
      out: '',
      err: 'No resources found in app namespace.\n',
    })
  })

  it('words what is missing', async () => {
    expect((await kubectl(['get', 'deploy', 'no', '-n', 'app'])).err).toBe(
      'Error from server (NotFound): deployments.apps "no" not found\n',
    )
    expect((await kubectl(['get', 'deploy', 'no', '-n', 'none'])).err).toBe(
      'Error from server (NotFound): namespaces "none" not found\n',
    )
    expect((await kubectl(['get', 'foo'])).err).toBe('error: the server doesn\'t have a resource type "foo"\n')
  })

  it('finds what manifests on stdin name', async () => {
    const args = ['get', '-f', '-', '-o', 'json', '--ignore-not-found']
    const found = JSON.parse((await kubectl(args, manifests)).out)
    expect(found.items.map((object: { kind: string }) => object.kind)).toEqual(['Namespace', 'Deployment'])
    expect(
      await kubectl(args, manifests.replaceAll('name: web', 'name: x').replaceAll(/name: app$/gm, 'name: y')),
    ).toMatchObject({ code: 0, out: '' })
  })

  it('prints tables for people', async () => {
    const { out } = await kubectl(['get', 'ns', 'app'])
    expect(out).toMatch(/^NAME {3}STATUS {3}AGE\napp {4}Active {3}\d+s\n$/)
  })

  it('prints raw answers, names and paths', async () => {
    expect((await kubectl(['get', '--raw', '/readyz'])).out).toBe('ok')
    expect((await kubectl(['get', 'deploy', '-n', 'app', '-o', 'name'])).out).toBe('deployment.apps/web\n')
    expect(
      (
        await kubectl([
          'get',
          'deploy',
          'web',
          '-n',
          'app',
          '-o',
          'jsonpath={.spec.template.spec.containers[?(@.name=="web")].image}',
        ])
      ).out,
    ).toBe('nginx:1.27')
  })
})

describe('delete', () => {
  it('waits until the object is gone', async () => {
    const ran = await kubectl([
      'delete',
      'deployment',
      'web',
      '-n',
      'app',
      '--ignore-not-found',
      '--wait=true',
      '--timeout=60s',
    ])
    expect(ran).toEqual({ code: 0, out: 'deployment.apps "web" deleted from app namespace\n', err: '' })
    expect(await kubectl(['delete', 'deployment', 'web', '-n', 'app', '--ignore-not-found'])).toEqual({
      code: 0,
      out: '',
      err: '',
    })
    expect((await kubectl(['delete', 'deployment', 'web', '-n', 'app'])).err).toBe(
      'Error from server (NotFound): deployments.apps "web" not found\n',
    )
    expect((await kubectl(['delete', 'ns', 'app', '--timeout=60s'])).out).toBe('namespace "app" deleted\n')
    expect(there.cluster.api.objects.get('Namespace', undefined, 'app')).toBeUndefined()
  })

  it('gives up when the time is over', async () => {
    await kubectl(
      applyArgs,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, finalizers: [example.com/held]}\n',
    )
    const ran = await kubectl(['delete', 'cm', 'held', '--timeout=1ms'])
    expect(ran).toMatchObject({ code: 1, err: 'error: timed out waiting for the condition on configmaps/held\n' })
  })
})
