import { type InstanceNames, takenAddresses } from '../domains/dns/model.ts'
import { lookUp } from '../domains/dns/probe.ts'
import type { Log } from '../platform/log.ts'
import type { Services } from '../platform/schema-builder.ts'
import { parseYamlPath, valueAt } from '../platform/yaml-path.ts'

type Parts = Pick<Services, 'instances' | 'config' | 'nodes'> & { log: Log; dns: () => Services['dns'] }

/** What instances mean for the LAN: their names and machines, and what a machine there is told for a name. */
export function createLan({ instances, config, nodes, log, dns }: Parts) {
  /** An instance whose files make no sense means nothing. */
  async function namesOf(name: string): Promise<InstanceNames> {
    try {
      const tree = await config.tree(name)
      const text = (path: string) => {
        const value = valueAt(tree, parseYamlPath(path))
        return typeof value === 'string' && value ? value : undefined
      }
      const internalDomain = text('cloud.internalDomain')
      const domains = [text('cloud.domain'), internalDomain].filter((domain) => domain !== undefined)
      const records = await nodes.records(name)
      return {
        name,
        domains,
        internalDomain,
        loadBalancerIp: text('cluster.loadBalancerIp'),
        nodes: records.flatMap(({ name: node, targetIp, mac }) =>
          targetIp ? [{ name: node, ip: targetIp, mac }] : [],
        ),
        taken: takenAddresses(text),
      }
    } catch (error) {
      log.warn({ err: error, instance: name }, 'its names are left out of DNS')
      return { name, domains: [], nodes: [], taken: [] }
    }
  }

  const names = async () => Promise.all((await instances.list()).map(({ name }) => namesOf(name)))

  return {
    names,
    /** Nodes whose MAC is known. */
    async machines() {
      return (await names()).flatMap(({ name: instance, nodes: all }) =>
        all.flatMap(({ mac, name }) => (mac ? [{ mac, instance, node: `${instance}/${name}` }] : [])),
      )
    },
    /** By our own DNS when it runs, else by the server their instance names. */
    async resolve(name: string, server: string | undefined) {
      if ((await dns().state()).status === 'running') {
        const place = { address: await dns().address(), port: (await dns().settings()).port }
        return { server: 'the DNS of Wild Central', addresses: await lookUp(place, name) }
      }
      if (server === undefined) return undefined
      return { server: `the DNS server ${server}`, addresses: await lookUp({ address: server, port: 53 }, name) }
    },
  }
}
