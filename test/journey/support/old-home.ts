import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseDocument } from 'yaml'

type Told = Record<string, string>

const active = ['cluster', 'nodes', 'active']
function recordsIn(home: string): { text: string; records: [string, Told][] } {
  const text = readFileSync(join(home, 'config.yaml'), 'utf8')
  return { text, records: Object.entries(parse(text).cluster.nodes.active) }
}

/**
 * What the old scripts of October left: nodes by name, the talosconfig where it was generated, the kubeconfig beside
 * config.yaml (facts/poc-behaviour.md 7, 9). `from` is the folder of an instance.
 */
export function octoberHome(from: string, to: string): void {
  for (const path of ['config.yaml', 'secrets.yaml', 'setup/cluster-nodes'])
    cpSync(join(from, path), join(to, path), { recursive: true })
  for (const path of ['setup/cluster-nodes/etcd-snapshots', 'setup/cluster-nodes/saved-keys'])
    rmSync(join(to, path), { recursive: true, force: true })
  cpSync(join(from, '.kube/config'), join(to, '.kubeconfig'))
  const { text, records } = recordsIn(to)
  const config = parseDocument(text)
  for (const [name, { role, interface: card, disk, targetIp }] of records)
    config.setIn([...active, name], { role, interface: card, disk, currentIp: targetIp })
  writeFileSync(join(to, 'config.yaml'), `# our cloud\n${config}`)
}

/** What those of July left: nodes by address, no names anywhere, everything quoted. `from` is a home of October. */
export function julyHome(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  mkdirSync(join(to, '.kube'))
  renameSync(join(to, '.kubeconfig'), join(to, '.kube/config'))
  const { text, records } = recordsIn(to)
  const config = parseDocument(text)
  for (const [name, { role, interface: card, disk, currentIp }] of records) {
    config.deleteIn([...active, name])
    config.setIn([...active, currentIp], { interface: card, disk, control: String(role === 'controlplane') })
    for (const kind of ['patch', 'final'])
      renameSync(
        join(to, `setup/cluster-nodes/${kind}/${name}.yaml`),
        join(to, `setup/cluster-nodes/${kind}/${currentIp}.yaml`),
      )
  }
  writeFileSync(join(to, 'config.yaml'), String(config))
}
