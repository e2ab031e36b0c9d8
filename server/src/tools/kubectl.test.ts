import { beforeEach, describe, expect, it } from 'vitest'
import { WildError } from '../platform/errors.ts'
import type { RunTool, ToolCall } from '../platform/run-tool.ts'
import { createKubectl, type KubeObject, parseObjects } from './kubectl.ts'

const common = ['--kubeconfig', '/i/.kube/config', '--request-timeout=15s']
const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'ghost-secrets', namespace: 'ghost' },
  data: { 'apps.ghost.dbPassword': 'c2VjcmV0LXZhbHVl' },
}
const pool: KubeObject = { apiVersion: 'metallb.io/v1beta1', kind: 'IPAddressPool', metadata: { name: 'first-pool' } }

const list = (items: unknown[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
const toolFailed = (output: string) => new WildError('TOOL_FAILED', `kubectl get failed: ${output}`, { output })

describe('kubectl', () => {
  let calls: ToolCall[]
  let answers: (string | Error)[]
  const run: RunTool = async (call) => {
    calls.push(call)
    const answer = answers.shift() ?? ''
    if (answer instanceof Error) throw answer
    return { stdout: answer, stderr: '', exitCode: 0 }
  }
  const kubectl = createKubectl(run, { kubeconfig: '/i/.kube/config', home: '/i/.wildcloud/home' })
  const argv = () => calls.map(({ args }) => args)

  beforeEach(() => {
    calls = []
    answers = []
  })

  it('always names the kubeconfig, a request timeout and a home of its own', async () => {
    await kubectl.get('pods')
    expect(calls[0]).toMatchObject({
      tool: 'kubectl',
      args: [...common, 'get', 'pods', '-o', 'json', '--ignore-not-found'],
      env: { HOME: '/i/.wildcloud/home', KUBECONFIG: '/i/.kube/config' },
    })
  })

  it('asks for a name, a namespace, all namespaces, a selector', async () => {
    await kubectl.get('secret', { name: 'x', namespace: 'ghost' })
    await kubectl.get('pods', { allNamespaces: true, selector: 'app=ghost' })
    expect(argv()).toEqual([
      [...common, 'get', 'secret', 'x', '-n', 'ghost', '-o', 'json', '--ignore-not-found'],
      [...common, 'get', 'pods', '-A', '-l', 'app=ghost', '-o', 'json', '--ignore-not-found'],
    ])
  })

  it('applies server-side by standard input, never with a secret in its arguments', async () => {
    await kubectl.apply([secret])
    expect(argv()).toEqual([
      [...common, 'apply', '--server-side', '--field-manager=wild-central', '--force-conflicts', '-f', '-'],
    ])
    expect(calls[0]!.input).toBe(`---\n${JSON.stringify(secret)}\n`)
    expect(JSON.stringify(argv())).not.toContain('c2VjcmV0LXZhbHVl')
  })

  it('runs nothing when there is nothing to apply or to look for', async () => {
    await kubectl.apply([])
    expect(await kubectl.getLive([])).toEqual([])
    expect(calls).toEqual([])
  })

  it('deletes and waits until it is gone', async () => {
    await kubectl.delete('job', 'ghost-db-init', 'ghost')
    expect(argv()[0]).toEqual([
      ...common,
      'delete',
      'job',
      'ghost-db-init',
      '-n',
      'ghost',
      '--ignore-not-found',
      '--wait=true',
      '--timeout=60s',
    ])
  })

  it('builds a folder, reads logs, versions and readiness', async () => {
    answers = [
      'kind: Job',
      'a\nb\n',
      JSON.stringify({ clientVersion: { gitVersion: 'v1.34.1' }, serverVersion: { gitVersion: 'v1.34.0' } }),
    ]
    expect(await kubectl.kustomize('/i/apps/ghost')).toBe('kind: Job')
    expect(await kubectl.logs('ghost-1', 'ghost', 10)).toBe('a\nb\n')
    expect(await kubectl.version()).toEqual({ client: 'v1.34.1', server: 'v1.34.0' })
    await kubectl.readyz()
    expect(argv()).toEqual([
      [...common, 'kustomize', '/i/apps/ghost'],
      [...common, 'logs', 'ghost-1', '-n', 'ghost', '--tail=10', '--all-containers'],
      [...common, 'version', '-o', 'json'],
      [...common, 'get', '--raw', '/readyz'],
    ])
  })

  it('reads a list, one object, or nothing', () => {
    expect(parseObjects(list([secret, pool]))).toHaveLength(2)
    expect(parseObjects(JSON.stringify(secret))).toEqual([secret])
    expect(parseObjects('\n')).toEqual([])
  })

  it.each(['<html>', '{"kind":"Status"}', '[1]', '{"kind":"List","items":[{}]}'])('refuses %s as an answer', (text) => {
    expect(() => parseObjects(text)).toThrow(expect.objectContaining({ code: 'TOOL_FAILED' }))
  })

  it.each([
    'The connection to the server 192.168.1.90:6443 was refused - did you specify the right host or port?',
    'Unable to connect to the server: dial tcp 192.168.1.90:6443: i/o timeout',
    'Unable to connect to the server: dial tcp 192.168.1.90:6443: connect: no route to host',
    'Error from server (ServiceUnavailable): the server is currently unable to handle the request',
  ])('tells that the cluster does not answer: %s', async (output) => {
    answers = [toolFailed(output)]
    await expect(kubectl.get('pods')).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      details: { hint: 'wild-cli cluster health' },
    })
  })

  it.each([
    ['Error from server: etcdserver: request timed out', /etcd behind it does not.*cluster health/],
    [
      'Error from server (InternalError): an error on the server ("[+]ping ok\\n[-]etcd failed: reason withheld\\n[-]etcd-readiness failed: reason withheld\\n[+]shutdown ok\\nreadyz check failed") has prevented the request from succeeding',
      /etcd behind it does not.*cluster health/,
    ],
    [
      'Error from server (InternalError): an error on the server ("[+]ping ok\\n[-]poststarthook/rbac/bootstrap-roles failed: reason withheld\\nreadyz check failed") has prevented the request from succeeding',
      /answers, but is not ready: poststarthook\/rbac\/bootstrap-roles/,
    ],
    ['error: You must be logged in to the server (Unauthorized)', /does not take the certificate.*cluster renew/],
  ])('tells what an API server lacks that answers: %s', async (output, message) => {
    answers = [toolFailed(output)]
    await expect(kubectl.readyz()).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      message: expect.stringMatching(message),
    })
  })

  it('does not take a webhook that is not up yet for a silent cluster', async () => {
    answers = [
      toolFailed(
        'Error from server (InternalError): Internal error occurred: failed calling webhook "x": Post "https://x.svc:443": dial tcp 10.96.0.7:443: connect: connection refused',
      ),
    ]
    await expect(kubectl.apply([pool])).rejects.toMatchObject({ code: 'TOOL_FAILED' })
  })

  it('asks kind by kind when the cluster does not know one of them', async () => {
    const unknown = toolFailed('no matches for kind "IPAddressPool" in version "metallb.io/v1beta1"')
    answers = [unknown, list([secret]), unknown]
    expect(await kubectl.getLive([secret, pool])).toEqual([secret])
    expect(calls).toHaveLength(3)
  })

  it('passes on every other failure', async () => {
    answers = [toolFailed('Error from server (Forbidden): secrets is forbidden')]
    await expect(kubectl.getLive([secret])).rejects.toMatchObject({ code: 'TOOL_FAILED' })
  })
})
