import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { clusterAuthority, probeApi } from './api-probe.ts'
import { testCertificates } from './testing/test-certificates.ts'

/** The address the certificates are for, at a port of this test's own. */
const host = '127.119.22.90'

describe('a look at the API server', () => {
  let server: Server | undefined
  afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))))

  /** An API server of that cluster; what a look with our authority finds there. */
  async function lookAt(cluster: 'ours' | 'other') {
    const { certificate: cert, key } = testCertificates[cluster]
    server = createServer({ cert, key }, (_request, response) => response.writeHead(401).end())
    await new Promise<void>((resolve, reject) => server!.once('error', reject).listen(0, host, resolve))
    return probe((server.address() as AddressInfo).port)
  }
  const probe = (port: number) => probeApi(host, testCertificates.ours.authority, 2_000, undefined, port)

  it('takes any HTTP answer with a certificate of the cluster', async () => {
    expect(await lookAt('ours')).toEqual({ state: 'answers', status: 401 })
  })

  it('tells an API server of another cluster from one that is not there', async () => {
    expect(await probe(1)).toEqual({ state: 'silent', reason: 'connection refused' })
    expect(await lookAt('other')).toMatchObject({ state: 'stranger' })
  })
})

describe('the authority of a cluster', () => {
  it('is read from the generated control plane configuration, the first of its documents', () => {
    const crt = Buffer.from('PEM').toString('base64')
    expect(clusterAuthority(`cluster:\n  ca:\n    crt: ${crt}\n---\nkind: HostnameConfig\n`)).toBe('PEM')
    expect(() => clusterAuthority('machine: {}\n')).toThrowError(/no certificate authority/)
  })
})
