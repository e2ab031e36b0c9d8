import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clusterAuthority, probeApi } from './api-probe.ts'
import { aCluster, vip } from './testing/a-cluster.ts'
import { testCertificates } from './testing/test-certificates.ts'

describe('a look at the API server', () => {
  let world: Awaited<ReturnType<typeof aCluster>>
  beforeEach(async () => {
    world = await aCluster()
  })
  afterEach(() => world.close())

  it('takes any HTTP answer with a certificate of the cluster', async () => {
    await world.startApi()
    expect(await probeApi(vip, testCertificates.ours.authority, 2_000)).toEqual({ state: 'answers', status: 401 })
  })

  it('tells an API server of another cluster from one that is not there', async () => {
    expect(await probeApi(vip, testCertificates.ours.authority, 2_000)).toEqual({
      state: 'silent',
      reason: 'connection refused',
    })
    await world.startApi('other')
    expect(await probeApi(vip, testCertificates.ours.authority, 2_000)).toMatchObject({ state: 'stranger' })
  })
})

describe('the authority of a cluster', () => {
  it('is read from the generated control plane configuration, the first of its documents', () => {
    const crt = Buffer.from('PEM').toString('base64')
    expect(clusterAuthority(`cluster:\n  ca:\n    crt: ${crt}\n---\nkind: HostnameConfig\n`)).toBe('PEM')
    expect(() => clusterAuthority('machine: {}\n')).toThrowError(/no certificate authority/)
  })
})
