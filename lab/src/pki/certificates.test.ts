import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createCa, issueCertificate, readPrivateKey, selfSigned, toTalosKey, verifyIssuedBy } from './index.ts'

describe.each(['ed25519', 'p256'] as const)('a CA with %s keys', (algorithm) => {
  it('issues certificates that verify under it and under no other', async () => {
    const ca = await createCa({ organization: 'talos', algorithm })
    const other = await createCa({ organization: 'talos', algorithm })
    const issued = await issueCertificate({
      ca,
      organization: 'os:admin',
      sans: [],
      days: 365,
      usages: ['client'],
      algorithm,
    })
    expect(verifyIssuedBy(issued.crt, ca.crt)).toBe(true)
    expect(verifyIssuedBy(issued.crt, other.crt)).toBe(false)
    expect(new X509Certificate(issued.crt).checkPrivateKey(readPrivateKey(issued.key))).toBe(true)
  })

  it('carries addresses and names as subject alternative names', async () => {
    const ca = await createCa({ organization: 'talos', algorithm })
    const issued = await issueCertificate({
      ca,
      commonName: 'api',
      sans: ['127.77.0.90', 'kubernetes'],
      days: 1,
      usages: ['server'],
      algorithm,
    })
    const certificate = new X509Certificate(issued.crt)
    expect(certificate.checkIP('127.77.0.90')).toBe('127.77.0.90')
    expect(certificate.checkHost('kubernetes')).toBe('kubernetes')
    expect(certificate.issuer).toBe('O=talos')
  })
})

it('reads a CA key under the label that Talos files use', async () => {
  const ca = await createCa({ organization: 'talos', algorithm: 'ed25519' })
  const key = toTalosKey(ca.key)
  expect(key).toContain('-----BEGIN ED25519 PRIVATE KEY-----')
  const issued = await issueCertificate({
    ca: { crt: ca.crt, key },
    sans: [],
    days: 1,
    usages: ['client'],
    algorithm: 'ed25519',
  })
  expect(verifyIssuedBy(issued.crt, ca.crt)).toBe(true)
})

it('makes a CA without a subject', async () => {
  const ca = await createCa({ organization: '', algorithm: 'p256' })
  expect(new X509Certificate(ca.crt).subject ?? '').toBe('')
  expect(new X509Certificate(ca.crt).ca).toBe(true)
})

it('calls garbage not issued', async () => {
  const { crt } = await selfSigned('maintenance', ['127.77.0.101'])
  expect(verifyIssuedBy('nothing', crt)).toBe(false)
  expect(verifyIssuedBy(crt, 'nothing')).toBe(false)
})
