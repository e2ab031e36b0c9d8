import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { ownKubeconfig, ownTalosconfig } from './access-files.ts'
import { checkBundle, secretsBundle } from './secrets-bundle.ts'

const pem = (text: string) => Buffer.from(`-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`)
const data = (text: string) => pem(text).toString('base64')
const pair = (name: string) => ({ crt: data(name), key: data(`${name}-key`) })
const machineConfig = stringify({
  machine: { token: 'abcdef.0123456789abcdef', ca: pair('os') },
  cluster: {
    id: 'id',
    secret: 'secret',
    token: 'token',
    secretboxEncryptionSecret: 'box',
    ca: pair('k8s'),
    aggregatorCA: pair('aggregator'),
    serviceAccount: { key: data('account') },
    etcd: { ca: pair('etcd') },
  },
})
const user = { 'client-certificate-data': data('me'), 'client-key-data': data('my-key') }
const kubeconfig = (changes: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'mine',
  contexts: [
    { name: 'other', context: { cluster: 'other', user: 'other' } },
    { name: 'mine', context: { cluster: 'mine', user: 'me' } },
  ],
  clusters: [
    { name: 'other', cluster: { server: 'https://10.0.0.9:6443', 'certificate-authority-data': data('other') } },
    { name: 'mine', cluster: { server: 'https://10.0.0.1:6443', 'certificate-authority-data': data('k8s') } },
  ],
  users: [
    { name: 'other', user: { exec: { command: '/bin/true' } } },
    { name: 'me', user },
  ],
  ...changes,
})
const talosconfig = (changes: object = {}) => ({
  context: 'mine',
  contexts: {
    other: { endpoints: ['10.0.0.9'], ca: data('x'), crt: data('x'), key: data('x') },
    mine: { endpoints: ['10.0.0.1'], ca: data('os'), crt: data('me'), key: data('my-key'), ...changes },
  },
})
const fieldOf = (act: () => unknown) => {
  try {
    return act()
  } catch (error) {
    return (error as { details: { field: string } }).details.field
  }
}

describe('files that give access', () => {
  it('are taken with their current context alone', () => {
    const kube = parse(ownKubeconfig(stringify(kubeconfig())).text)
    expect(kube.contexts.concat(kube.clusters, kube.users).map(({ name }: { name: string }) => name)).toEqual([
      'mine',
      'mine',
      'me',
    ])
    expect(Object.keys(parse(ownTalosconfig(stringify(talosconfig())).text).contexts)).toEqual(['mine'])
  })

  it.each([
    ['that are none', 'nonsense'],
    ['whose context is missing', stringify(kubeconfig({ 'current-context': 'third' }))],
    ['that run a program', stringify(kubeconfig({ users: [{ name: 'me', user: { exec: { command: '/bin/sh' } } }] }))],
    ['that run one beside', stringify(kubeconfig({ users: [{ name: 'me', user: { ...user, exec: {} } }] }))],
    ['that read other files', stringify(kubeconfig({ users: [{ name: 'me', user: { tokenFile: '/etc/shadow' } }] }))],
  ])('%s are refused, naming the kubeconfig', (_why, text) => {
    expect(fieldOf(() => ownKubeconfig(text))).toBe('kubeconfig')
  })

  it('that lack a key are refused, naming the talosconfig', () => {
    expect(fieldOf(() => ownTalosconfig('nonsense'))).toBe('talosconfig')
    expect(fieldOf(() => ownTalosconfig(stringify(talosconfig({ key: '' }))))).toBe('talosconfig')
  })
})

describe('a secrets bundle', () => {
  const access = { talos: data('os'), kubernetes: data('k8s') }

  it('read from a control plane is whole, and fits the access to its cluster', () => {
    const bundle = secretsBundle(machineConfig)!
    expect(checkBundle(bundle, access)).toBe(bundle)
  })

  it('is not read from a machine that lacks a part of it', () => {
    for (const path of [
      ['machine', 'ca', 'key'],
      ['cluster', 'secret'],
      ['cluster', 'etcd', 'ca', 'key'],
    ]) {
      const tree = parse(machineConfig)
      delete path.slice(0, -1).reduce((part, key) => part[key], tree)[path.at(-1)!]
      expect(secretsBundle(stringify(tree))).toBeUndefined()
    }
  })

  it('that is none, or of another cluster, is refused, naming it', () => {
    const other = secretsBundle(machineConfig)!
    expect(fieldOf(() => checkBundle('certs: {}', access))).toBe('secrets')
    expect(fieldOf(() => checkBundle(': [', access))).toBe('secrets')
    expect(fieldOf(() => checkBundle(other, { ...access, talos: data('another') }))).toBe('secrets')
    expect(fieldOf(() => checkBundle(other, { ...access, kubernetes: data('another') }))).toBe('secrets')
  })
})
