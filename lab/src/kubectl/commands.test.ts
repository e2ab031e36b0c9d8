import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runKubectl, testAddress } from '../kube/api/cluster.fixture.ts'
import { applyArgs, kubectlFixture, manifests } from './kubectl.fixture.ts'

const { there, kubectl } = kubectlFixture()

describe('create, logs, wait and rollout', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', labels: { app: 'p' } },
    spec: {
      restartPolicy: 'Always',
      containers: [
        { name: 'one', image: 'a' },
        { name: 'two', image: 'b' },
      ],
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: ['one', 'two'].map((name) => ({
        name,
        state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
      })),
    },
  }

  it('posts a token request as it is', async () => {
    await kubectl(applyArgs, 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: admin}\n')
    const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} })
    const { out, code } = await kubectl(
      ['create', '--raw', '/api/v1/namespaces/default/serviceaccounts/admin/token', '-f', '-'],
      body,
    )
    expect(code).toBe(0)
    expect(JSON.parse(out).status.token.split('.')).toHaveLength(3)
  })

  it('prints logs', async () => {
    there.cluster.api.objects.create(pod)
    const one = await kubectl(['logs', 'p', '-n', 'default', '--tail=1'])
    expect(one).toEqual({ code: 0, out: 'one is running\n', err: 'Defaulted container "one" out of: one, two\n' })
    const all = await kubectl(['logs', 'p', '-n', 'default', '--tail=100', '--all-containers'])
    expect(all.out).toBe('starting one\none is running\nstarting two\ntwo is running\n')
  })

  it('prints what a container wrote that ends again and again, and says so of one that has not started', async () => {
    const create = (name: string, containerStatus: object) =>
      there.cluster.api.objects.create({
        ...pod,
        metadata: { name, namespace: 'default' },
        spec: { restartPolicy: 'Always', containers: [{ name: 'one', image: 'a' }] },
        status: { phase: 'Running', containerStatuses: [{ name: 'one', ...containerStatus }] },
      })
    const terminated = { exitCode: 1, startedAt: '2026-01-01T00:00:00Z' }
    create('loops', {
      restartCount: 2,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated },
    })
    create('waits', { restartCount: 0, state: { waiting: { reason: 'ContainerCreating' } } })
    expect((await kubectl(['logs', 'loops', '-n', 'default'])).out).toContain('the program ended with an error')
    expect(await kubectl(['logs', 'waits', '-n', 'default'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('container "one" in pod "waits" is waiting to start: ContainerCreating'),
    })
  })

  it('waits for conditions and their absence', async () => {
    expect(await kubectl(['wait', '--for=condition=Ready', 'pod', '-l', 'app=p'])).toMatchObject({
      code: 0,
      out: 'pod/p condition met\n',
    })
    expect(await kubectl(['wait', '--for=condition=Done', 'pod/p', '--timeout=1ms'])).toMatchObject({
      code: 1,
      err: 'error: timed out waiting for the condition on pods/p\n',
    })
    expect((await kubectl(['wait', '--for=condition=Ready', 'pod', '-l', 'app=none'])).err).toBe(
      'error: no matching resources found\n',
    )
  })

  it('restarts a rollout and follows it', async () => {
    await kubectl(applyArgs, manifests)
    expect((await kubectl(['rollout', 'restart', 'deploy/web', '-n', 'app'])).out).toBe(
      'deployment.apps/web restarted\n',
    )
    const web = there.cluster.api.objects.get('Deployment', 'app', 'web')!
    expect(web.metadata.generation).toBe(2)
    const status = { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 0 }
    there.cluster.api.objects.updateStatus(web, status)
    const late = await kubectl(['rollout', 'status', 'deploy/web', '-n', 'app', '--timeout=1ms'])
    expect(late).toEqual({
      code: 1,
      out: 'Waiting for deployment "web" rollout to finish: 0 of 1 updated replicas are available...\n',
      err: 'error: timed out waiting for the condition\n',
    })
    there.cluster.api.objects.updateStatus(web, { ...status, availableReplicas: 1 })
    expect((await kubectl(['rollout', 'status', 'deploy/web', '-n', 'app'])).out).toBe(
      'deployment "web" successfully rolled out\n',
    )
  })
})

describe('version', () => {
  it('tells both versions, and its own when nobody answers', async () => {
    const both = JSON.parse((await kubectl(['version', '-o', 'json'])).out)
    expect([both.clientVersion.gitVersion, both.kustomizeVersion, both.serverVersion.gitVersion]).toEqual([
      'v1.34.1',
      'v5.7.1',
      'v1.34.1',
    ])
    const alone = await runKubectl(there.file, [
      'version',
      '-o',
      'json',
      '--kubeconfig',
      there.cluster.kubeconfig,
      '--context',
      'nope',
    ])
    expect(alone).toMatchObject({
      code: 1,
      err: 'Error in configuration: context was not found for specified context: nope\n',
    })
    expect(JSON.parse(alone.out).serverVersion).toBeUndefined()
  })
})

describe('strictness', () => {
  it('knows the flags kubectl knows, and no others', async () => {
    expect(await kubectl(['get', 'pods', '--bogus'])).toEqual({
      code: 1,
      out: '',
      err: "Error: unknown flag: --bogus\nSee 'kubectl get --help' for usage.\n",
    })
    expect((await kubectl(['get', 'pods', '-z'])).err).toBe(
      "Error: unknown shorthand flag: 'z' in -z\nSee 'kubectl get --help' for usage.\n",
    )
    expect((await kubectl(['apply', '--force-conflicts', '-f', '-'])).err).toBe(
      'error: --force-conflicts only works with --server-side\n',
    )
    expect((await kubectl(['apply', '--server-side'])).err).toBe('error: must specify one of -f and -k\n')
    expect((await kubectl(['create', 'namespace', 'x'])).err).toContain('sends protobuf')
    expect((await kubectl(['frobnicate'])).err).toBe('error: unknown command "frobnicate" for "kubectl"\n')
  })

  it('words a missing kubeconfig, a refused connection and a foreign server', async () => {
    const missing = await runKubectl(there.file, ['get', 'ns', '--kubeconfig', '/nonexistent'])
    expect(missing).toEqual({ code: 1, out: '', err: 'error: stat /nonexistent: no such file or directory\n' })
    const text = readFileSync(there.cluster.kubeconfig, 'utf8')
    const point = async (server: string) => {
      const { writeFileSync } = await import('node:fs')
      const path = join(there.lab, 'elsewhere')
      writeFileSync(path, text.replace(/https:\/\/[^"]+/, server))
      return runKubectl(there.file, ['get', 'ns', '--kubeconfig', path])
    }
    const nobody = testAddress(92)
    expect((await point(`https://${nobody}:6443`)).err).toBe(
      `The connection to the server ${nobody}:6443 was refused - did you specify the right host or port?\n`,
    )
    const { createCa, issueCertificate } = await import('../pki/index.ts')
    const tls = await issueCertificate({
      ca: await createCa({ organization: 'x', algorithm: 'p256' }),
      sans: [nobody],
      days: 1,
      usages: ['server'],
      algorithm: 'p256',
    })
    const server = createServer({ cert: tls.crt, key: tls.key })
    await new Promise<void>((resolve) => server.listen(0, nobody, resolve))
    const { port } = server.address() as { port: number }
    expect((await point(`https://${nobody}:${port}`)).err).toBe(
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority\n',
    )
    server.close()
  })
})

describe('commands.log', () => {
  it('has a line for each call, and says which ones change something', async () => {
    const last = async (args: string[], stdin = '') => {
      await kubectl(args, stdin)
      const { at, argv, ...rest } = JSON.parse(
        readFileSync(join(there.lab, 'commands.log'), 'utf8').trim().split('\n').at(-1)!,
      )
      expect(new Date(at).toISOString()).toBe(at)
      expect(argv.slice(3)).toEqual(args)
      return rest
    }
    expect(await last(applyArgs, manifests)).toEqual({ tool: 'kubectl', mutating: true, exit: 0 })
    expect(await last([...applyArgs, '--dry-run=server'], manifests)).toMatchObject({ mutating: false })
    expect(await last(['get', 'foo'])).toMatchObject({ mutating: false, exit: 1 })
    expect(await last(['rollout', 'restart', 'deploy/web', '-n', 'app'])).toMatchObject({ mutating: true })
    expect(await last(['kustomize', there.lab])).toMatchObject({ mutating: false, exit: 1 })
    expect(await last(['delete', 'deploy', 'web', '-n', 'app'])).toMatchObject({ mutating: true, exit: 0 })
  })
})
