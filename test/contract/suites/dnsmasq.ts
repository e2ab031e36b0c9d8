import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { conflictIn, dnsmasqConf, isUntouched } from '../../../server/src/domains/dns/conf.ts'
import type { DnsSettings, InstanceNames } from '../../../server/src/domains/dns/model.ts'
import { pick, seed } from '../../depth.ts'
import { temporaryFolder } from '../../world.ts'
import { outcome, type Suite } from '../suite.ts'

const files = pick({ quick: 40, ci: 200, full: 2_000 })
const served = { address: '10.1.0.1', cidr: '10.1.0.0/24' }

const address = fc.integer({ min: 2, max: 254 }).map((host) => `10.1.0.${host}`)
const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/)
const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('.'))
const mac = fc
  .uint8Array({ minLength: 5, maxLength: 5 })
  .map((bytes) => ['02', ...[...bytes].map((byte) => byte.toString(16).padStart(2, '0'))].join(':'))
const settings: fc.Arbitrary<DnsSettings> = fc.record({
  enabled: fc.constant(true),
  interface: fc.constantFrom('eth0', 'enp3s0f1', 'br-lan', 'wlan0.12'),
  port: fc.integer({ min: 1, max: 65_535 }),
  dnsServer: fc.array(fc.ipV4(), { minLength: 1, maxLength: 3 }).map((all) => all.join(',')),
  dhcp: fc.constantFrom('off', 'proxy', 'full'),
  dhcpRange: fc.tuple(address, address).map((both) => both.join(',')),
  leaseHours: fc.integer({ min: 1, max: 8760 }),
  router: address,
  staticLeases: fc.array(fc.record({ mac, ip: address, name: fc.option(label, { nil: undefined }) }), { maxLength: 4 }),
  logQueries: fc.boolean(),
})
const instance: fc.Arbitrary<InstanceNames> = fc.record({
  name: label,
  domains: fc.array(domain, { maxLength: 2 }),
  internalDomain: fc.option(domain, { nil: undefined }),
  loadBalancerIp: fc.option(address, { nil: undefined }),
  nodes: fc.array(fc.record({ name: label, ip: address, mac: fc.option(mac, { nil: undefined }) }), { maxLength: 4 }),
  taken: fc.array(fc.record({ what: fc.constant('the pool'), from: address, to: address }), { maxLength: 1 }),
})

/** Whatever settings and instances we let pass, dnsmasq accepts the file made of them. */
export const dnsmasqSuite: Suite = {
  title: 'configurations of DNS and DHCP',
  needs: ['dnsmasq'],
  async run(tools) {
    const result = outcome()
    const folder = temporaryFolder('dnsmasq')
    const file = join(folder.path, 'dnsmasq.conf')
    const places = { leases: join(folder.path, 'leases'), log: join(folder.path, 'log') }
    const samples = fc.sample(fc.tuple(settings, fc.array(instance, { maxLength: 3 })), {
      numRuns: files * 4,
      seed: seed(),
    })
    for (const [wanted, instances] of samples) {
      if (result.cases >= files) break
      if (conflictIn(wanted, instances, served)) continue
      // Every other one with network boot.
      const pxe = result.cases % 2 ? { port: 8069, tftp: folder.path } : undefined
      const conf = dnsmasqConf(wanted, instances, served, places, pxe)
      writeFileSync(file, conf)
      const { status, stderr } = spawnSync(tools.get('dnsmasq')!, ['--test', '-C', file], { encoding: 'utf8' })
      const said = status === 0 && isUntouched(conf) ? 'accepted' : `${stderr}\n${conf}`
      result.same('a configuration', 'accepted', said)
    }
    folder.remove()
    return result
  },
}
