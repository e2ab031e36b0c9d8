import { describe, expect, it } from 'vitest'
import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import { clusterTrouble, refusalWords, troubledFrom } from './cluster-trouble.ts'

const answering = (answers: Record<string, Partial<KubeObject>[]>) =>
  ({ get: async (kind: string) => answers[kind] ?? [] }) as unknown as Kubectl

const event = (name: string, reason: string, message: string, lastTimestamp = '2026-01-01T00:00:00Z') => ({
  involvedObject: { name },
  reason,
  message,
  lastTimestamp,
})
const service = { kind: 'Service', name: 'traefik', namespace: 'traefik' }
const challenged = (reason: string) => answering({ 'challenge.v1.acme.cert-manager.io': [{ status: { reason } }] })
const certificate = { kind: 'Certificate', name: 'wildcard', namespace: 'cert-manager' }

describe('what the cluster says of trouble', () => {
  it.each([
    ['Failed to allocate IP for "traefik/traefik": no available IPs', /pool is free.*cluster\.ipAddressPool/],
    ['Failed to allocate IP for "a/b": ["10.0.0.9"] is not allowed in config', /10\.0\.0\.9 is not in the pool/],
    [`can't change sharing key for "a/b", address also in use by c/d`, /Another service has the address/],
    ['Failed to allocate IP: unknown pool "gold"', /no address pool gold/],
    ['something new', /^something new\.$/],
  ])('of an address: %s', async (message, words) => {
    const kubectl = answering({ events: [event('traefik', 'AllocationFailed', message)] })
    expect(await clusterTrouble(kubectl, [service])).toEqual([expect.stringMatching(words)])
  })

  it.each([
    ['Cloudflare API Error for GET "/zones" \n\t Error: 9109: Invalid access token', /refuses the token.*DNS:Edit/],
    ['while querying the Cloudflare API: 10000: Authentication error', /refuses the token/],
    ['6003: Invalid request headers<- 6111: Invalid format for Authorization header', /refuses the token/],
    ['Error: 7003: Could not route to /client/v4/zones/dns_records', /does not know the zone/],
    ['Found no Zones for domain _acme-challenge.example.com', /cluster\.certManager\.cloudflare\.domain/],
    ['urn:ietf:params:acme:error:rateLimited: too many certificates already issued', /wait as long as it says/],
    ['Waiting for DNS-01 challenge propagation: DNS record not yet propagated', /not yet propagated\.$/],
  ])('of a certificate: %s', async (reason, words) => {
    expect(await clusterTrouble(challenged(reason), [certificate])).toEqual([expect.stringMatching(words)])
  })

  it('of a resource definition whose name is taken', async () => {
    const refused = { type: 'NamesAccepted', status: 'False', message: '"pools" is already in use' }
    const kubectl = answering({ customresourcedefinition: [{ status: { conditions: [refused] } }] })
    const found = await clusterTrouble(kubectl, [{ kind: 'CustomResourceDefinition', name: 'pools.metallb.io' }])
    expect(found).toEqual([expect.stringContaining('taken by another resource definition')])
  })

  it('is the newest event about the object or what it made, and nobody else’s', async () => {
    const kubectl = answering({
      events: [
        event('web-1', 'FailedCreate', 'old', '2026-01-01T00:00:00Z'),
        event('web-1', 'FailedCreate', 'violates PodSecurity', '2026-01-02T00:00:00Z'),
        event('website', 'FailedCreate', 'of another', '2026-01-03T00:00:00Z'),
        event('web', 'Pulled', 'no trouble', '2026-01-04T00:00:00Z'),
      ],
    })
    const found = await clusterTrouble(kubectl, [{ kind: 'Deployment', name: 'web', namespace: 'web' }])
    expect(found).toEqual(['violates PodSecurity'])
  })

  it('is nothing when the cluster cannot be asked', async () => {
    const dead = { get: async () => Promise.reject(new Error('silent')) } as unknown as Kubectl
    expect(await clusterTrouble(dead, [service, certificate])).toEqual([])
  })
})

describe('why an object is not accepted yet', () => {
  it.each([
    [
      'Internal error occurred: failed calling webhook "ipaddresspoolvalidationwebhook.metallb.io": failed to call webhook: Post "https://x": no endpoints available for service "metallb-webhook-service"',
      'metallb-webhook-service, which checks such objects, has not started yet',
    ],
    [
      'failed calling webhook "webhook.cert-manager.io": tls: failed to verify certificate',
      'the webhook webhook.cert-manager.io, which checks such objects, does not answer yet',
    ],
    [
      'error: no matches for kind "IPAddressPool" in version "metallb.io/v1beta1"',
      'the cluster does not know IPAddressPool yet',
    ],
    ['Error: namespaces "traefik" not found', 'the namespace traefik is not there yet'],
  ])('%s', (said, words) => {
    expect(refusalWords(`kubectl ended with 1.\n${said}`)).toBe(words)
  })
})

it('takes apart what is waited for', () => {
  expect(troubledFrom('Service traefik/web')).toEqual({ kind: 'Service', namespace: 'traefik', name: 'web' })
  expect(troubledFrom('StorageClass nfs')).toEqual({ kind: 'StorageClass', namespace: undefined, name: 'nfs' })
})
