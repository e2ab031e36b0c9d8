import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPreview } from '../apply/operation.ts'
import { kubernetesWay, talosWay } from './check.ts'
import { withKubernetes } from './record-kubernetes.ts'
import { compareVersions, fits, kubernetesPath, readVersion, talosPath } from './versions.ts'

const version = (text: string) => readVersion(text)!
const texts = (way: { text: string }[]) => way.map(({ text }) => text)

describe('the way to a version', () => {
  it('of Talos goes over the last patch of every minor version between', () => {
    expect(texts(talosPath(version('v1.9.1'), version('v1.12.4')))).toEqual(['v1.10.8', 'v1.11.6', 'v1.12.4'])
    expect(texts(talosPath(version('v1.11.5'), version('v1.11.6')))).toEqual(['v1.11.6'])
  })

  it('leaves out no minor version and never goes back', () => {
    const minor = fc.integer({ min: 26, max: 35 })
    fc.assert(
      fc.property(minor, minor, fc.nat(20), (one, other, patch) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)].map((each) => version(`v1.${each}.${patch}`))
        const way = kubernetesPath(from!, to!)
        expect(way.at(-1)).toEqual(to)
        for (const [index, stop] of way.entries()) {
          const before = index ? way[index - 1]! : from!
          expect(stop.minor - before.minor).toBeLessThanOrEqual(1)
          expect(compareVersions(stop, before)).toBeGreaterThanOrEqual(stop.minor === before.minor ? 0 : 1)
        }
      }),
    )
  })

  it('is refused, with the reason, where versions do not fit', () => {
    const now = { talos: version('v1.11.5'), kubernetes: version('v1.29.9'), tool: version('v1.11.5') }
    expect(() => talosWay(now, version('v1.12.4'))).toThrow(/runs Kubernetes 1.30 to 1.35, and this would be v1.29.9/)
    expect(() => talosWay(now, version('v1.11.4'))).toThrow(/is older/)
    expect(() => kubernetesWay(now, version('v1.35.0'))).toThrow(/Upgrade Talos first/)
    expect(texts(kubernetesWay(now, version('v1.31.4')))).toEqual(['v1.30.14', 'v1.31.4'])
    const old = { ...now, kubernetes: version('v1.31.4'), tool: version('v1.9.0') }
    expect(() => talosWay(old, version('v1.11.6'))).toThrow(/talosctl v1.9.0 does not fit Talos v1.11.5/)
  })
})

describe('the support matrix', () => {
  it.each([
    ['v1.11.5', 'v1.29.0', true],
    ['v1.11.5', 'v1.34.1', true],
    ['v1.11.5', 'v1.35.0', false],
    ['v1.12.4', 'v1.29.9', false],
    ['v1.12.4', 'v1.35.0', true],
    ['v1.99.0', 'v1.34.1', undefined],
  ])('Talos %s with Kubernetes %s: %s', (talos, kubernetes, expected) => {
    expect(fits(version(talos), version(kubernetes))).toBe(expected)
  })

  it.each(['latest', '', 'v1.11', '1.11.5-beta.1', 'v1.2.3.4'])('does not read %j as a version', (text) => {
    expect(readVersion(text)).toBeUndefined()
  })
})

describe('what a machine says about a configuration', () => {
  it.each([
    ['Dry run summary:\nApplied configuration without a reboot (skipped in dry-run).\nNo changes.', false, false],
    [
      'Dry run summary:\nApplied configuration without a reboot (skipped in dry-run).\nConfig diff:\n\n-a\n+b',
      true,
      false,
    ],
    [
      'Dry run summary:\nApplied configuration with a reboot: x\ndiff:\n (skipped in dry-run).\nConfig diff:\n\n-a\n+b',
      true,
      true,
    ],
  ])('%j', (words, changes, reboots) => {
    expect(readPreview(words)).toMatchObject({ changes, reboots, ...(changes ? { diff: '-a\n+b' } : {}) })
  })
})

describe('the version in a machine configuration', () => {
  it('changes images of Kubernetes and nothing else', () => {
    const text =
      'a: 1 # v1.34.1\nimage: ghcr.io/siderolabs/kubelet:v1.34.1\nimage: "x/kube-proxy:v1.34.1"\nimage: y/etcd:v3.6.5\n'
    expect(withKubernetes(text, 'v1.35.0')).toBe(
      'a: 1 # v1.34.1\nimage: ghcr.io/siderolabs/kubelet:v1.35.0\nimage: "x/kube-proxy:v1.35.0"\nimage: y/etcd:v3.6.5\n',
    )
  })
})
