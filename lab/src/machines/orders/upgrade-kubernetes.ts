import { parseAllDocuments } from 'yaml'
import type { ConfigFacts } from '../config-facts.ts'
import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'
import type { ConfiguredMachine } from '../reach.ts'
import { RpcError } from '../rpc-error.ts'

export interface KubernetesUpgrade {
  /** `1.34.1`, with or without a leading v. */
  to: string
  from?: string
  kubelet: boolean
  dryRun: boolean
}

type Member = Machine & { facts: ConfigFacts }
/** A place of the machine config that holds an image. */
type ImagePath = [string, string, 'image']

const components: [string, ImagePath][] = [
  ['kube-apiserver', ['cluster', 'apiServer', 'image']],
  ['kube-controller-manager', ['cluster', 'controllerManager', 'image']],
  ['kube-scheduler', ['cluster', 'scheduler', 'image']],
  ['kube-proxy', ['cluster', 'proxy', 'image']],
]
const kubeletPath: ImagePath = ['machine', 'kubelet', 'image']

const minorOf = (version: string): number => Number(version.split('.')[1])

function refusePath(from: string, to: string): void {
  if (!/^\d+\.\d+\.\d+/.test(to)) throw new RpcError('Unknown', `error parsing version "${to}"`)
  const step = minorOf(to) - minorOf(from)
  if (step === 0 || step === 1) return
  const short = (version: string) => version.split('.').slice(0, 2).join('.')
  throw new RpcError('Unknown', `unsupported upgrade path ${short(from)}->${short(to)} (from "${from}" to "${to}")`)
}

/** Sets the tag of an image in a machine config as it was sent; what is not named stays as it is. */
function withImageTag(config: string, path: ImagePath, tag: string): string {
  const documents = parseAllDocuments(config)
  const main = documents.find((one) => !one.has('kind'))
  const image = main?.getIn(path)
  if (!main || typeof image !== 'string') return config
  main.setIn(path, image.replace(/:[^:/@]+(@.*)?$/, `:${tag}`))
  return documents.map((one) => one.toString({ lineWidth: 0 })).join('---\n')
}

/**
 * Brings Kubernetes of the machine's cluster to another version: control plane parts node by node, then the kubelets.
 * Answers what the tool prints. Throws RpcError at the first machine that does not answer; what is done stays.
 */
export function upgradeKubernetes(lan: Lan, machine: ConfiguredMachine, order: KubernetesUpgrade): string {
  const { facts } = machine
  if (facts.role !== 'controlplane')
    throw new RpcError('Unimplemented', 'kubernetes upgrade is only available on control plane nodes')
  if (lan.clock.now() < machine.apiFrom)
    throw new RpcError('Unknown', 'failed to detect the lowest Kubernetes version: context deadline exceeded')
  const to = order.to.replace(/^v/, '')
  const now = () => lan.machines().filter((one): one is Member => one.facts?.clusterId === facts.clusterId) as Member[]
  const addressOf = (one: Member) => one.addresses[0]!
  const of = (role: ConfigFacts['role']) => now().filter((one) => one.facts.role === role)
  const lowest = now()
    .flatMap((one) => [one.facts.kubernetesVersion, one.facts.apiServerVersion])
    .map((version) => version.replace(/^v/, ''))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))[0]!
  const from = (order.from ?? lowest).replace(/^v/, '')
  const lines = [`automatically detected the lowest Kubernetes version ${lowest}`]
  refusePath(from, to)
  const quoted = (some: Member[]) => JSON.stringify(some.map(addressOf))
  lines.push(`discovered controlplane nodes ${quoted(of('controlplane'))}`)
  lines.push(`discovered worker nodes ${quoted(of('worker'))}`)

  function change(number: number, path: ImagePath): void {
    const one = now().find(({ record }) => record.number === number)!
    lines.push(` > "${addressOf(one)}": starting update`)
    if (!one.up) {
      const reason = `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp ${addressOf(one)}:50000: connect: no route to host"`
      throw new RpcError('Unknown', `failed updating node "${addressOf(one)}": ${reason}`)
    }
    const config = withImageTag(one.record.config!, path, `v${to}`)
    if (config === one.record.config) return void lines.push(` > "${addressOf(one)}": update is not needed`)
    if (order.dryRun) return void lines.push(` > "${addressOf(one)}": update is skipped in dry-run mode`)
    lan.update(number, { config, configVersion: one.record.configVersion + 1 })
    lines.push(` > "${addressOf(one)}": machine configuration patched`)
    lines.push(` < "${addressOf(one)}": successfully updated`)
  }
  for (const [name, path] of components) {
    lines.push(`updating "${name}" to version "${to}"`)
    for (const { record } of of('controlplane')) change(record.number, path)
  }
  if (order.kubelet) {
    lines.push(`updating kubelet to version "${to}"`)
    for (const { record } of [...of('controlplane'), ...of('worker')]) change(record.number, kubeletPath)
  }
  return `${lines.join('\n')}\n`
}
