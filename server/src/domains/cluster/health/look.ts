import type { RunTool } from '../../../platform/run-tool.ts'
import { createSingleFlight } from '../../../platform/single-flight.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../../tools/kubectl.ts'
import { createTalosctl, type Talosctl } from '../../../tools/talosctl.ts'
import { applied, appliedControlPlanes, type NodeRecord, readKubernetesNodes, tcpOpen } from '../../nodes/index.ts'
import { probeApi } from '../api-probe.ts'
import type { ClusterDeps } from '../deps.ts'
import { endpointIn } from '../endpoint.ts'
import { type EtcdFact, readPods } from '../facts.ts'
import { etcdOn, orUndefined, readApi } from '../look.ts'
import { certificatesOfFiles, certificatesOfServices } from './certificates.ts'
import type { HealthFacts } from './facts.ts'
import { ingressService } from './network.ts'

/** Limits of one look, ms: whoever does not answer costs no more than this. */
const probeMs = 2_000
const toolVersionMs = 10 * 60_000
const everything = 'nodes,pods,services,persistentvolumeclaims,storageclasses,leases'

const versions = createSingleFlight()

/** What a control plane whose etcd is not well waits for: time is not synced, network… */
async function waitsFor(talosctl: Talosctl, records: NodeRecord[], etcd: EtcdFact[]): Promise<Record<string, string>> {
  const unwell = etcd.filter(({ reachable, healthy }) => reachable && !healthy)
  const told = await Promise.all(
    unwell.map(async ({ node }) => {
      const ip = records.find(({ name }) => name === node)!.targetIp!
      const state = await orUndefined(talosctl.machineStatus({ ip }, { repeated: true, timeoutMs: 5_000 }))
      const unmet = state?.status.unmetConditions.map(({ name, reason }) => `${name}: ${reason}`) ?? []
      return [node, unmet.join('; ')] as const
    }),
  )
  return Object.fromEntries(told.filter(([, unmet]) => unmet))
}

async function machines(run: RunTool, files: { talosconfig: string; home: string }, records: NodeRecord[]) {
  const planes = appliedControlPlanes(records)
  const etcd = await Promise.all(planes.map((record) => etcdOn(run, files, record)))
  const talosctl = createTalosctl(run, files)
  const healthy = planes.find(({ name }) => etcd.some((fact) => fact.node === name && fact.healthy))
  const [members, waits] = await Promise.all([
    healthy && orUndefined(talosctl.etcdMembers(healthy.targetIp!, { repeated: true, timeoutMs: 5_000 })),
    waitsFor(talosctl, planes, etcd),
  ])
  return { etcd, members, waitsFor: waits }
}

/** Objects of a kind that only exists where its maker is installed. */
async function ofMaker(kubectl: Kubectl, objects: KubeObject[] | undefined, namespace: string, kind: string) {
  if (!objects?.some(({ kind: each, metadata }) => each === 'Pod' && metadata.namespace === namespace)) return undefined
  return orUndefined(kubectl.get(kind, { allNamespaces: true, repeated: true }))
}

async function api(kubectl: Kubectl, loadBalancerIp: string | undefined) {
  const [ready, objects] = await Promise.all([
    readApi(kubectl),
    orUndefined(kubectl.get(everything, { allNamespaces: true, repeated: true })),
  ])
  const service = ingressService({ objects, loadBalancerIp })
  const [issued, volumes, answers] = await Promise.all([
    ofMaker(kubectl, objects, 'cert-manager', 'certificates.cert-manager.io'),
    ofMaker(kubectl, objects, 'longhorn-system', 'volumes.longhorn.io'),
    service && Promise.all(service.ports.map((port) => tcpOpen(service.ip, port, probeMs))),
  ])
  const ingress = service && { ...service, answers: Boolean(answers?.some(Boolean)) }
  return { ...ready, objects, issued, volumes, ingress }
}

const silent = { apiReady: false, objects: undefined, issued: undefined, volumes: undefined, ingress: undefined }

/**
 * Looks at everything of a bootstrapped cluster at once, each part with a short limit. One that does not even take
 * connections is asked nothing more: a dead cluster costs a few TCP connects.
 */
export async function lookAtHealth(deps: ClusterDeps, instance: string, run: RunTool): Promise<HealthFacts> {
  const places = deps.paths.instance(instance)
  const { kubeconfig, talosconfig, home } = places
  const records = await deps.nodes.records(instance)
  const text = async (path: string) => ((await deps.config.get(instance, path)) as string | undefined) || undefined
  const loadBalancerIp = await text('cluster.loadBalancerIp')
  const endpoint = await endpointIn(kubeconfig)
  const answer = endpoint
    ? await probeApi(endpoint.host, endpoint.authority, probeMs, undefined, endpoint.port)
    : ({ state: 'silent', reason: 'there is no usable kubeconfig' } as const)
  const [cluster, machine, files, talosctl] = await Promise.all([
    answer.state === 'answers'
      ? api(createKubectl(run, { kubeconfig, home }), loadBalancerIp)
      : { ...silent, apiProblem: answer.reason },
    machines(run, { talosconfig, home }, records),
    certificatesOfFiles(places),
    orUndefined(versions('talosctl', toolVersionMs, () => createTalosctl(run, { home }).clientVersion())),
  ])
  const { objects } = cluster
  const ofKind = (kind: string) => objects?.filter((object) => object.kind === kind)
  const nodes = ofKind('Node')
  const system = ofKind('Pod')?.filter(({ metadata }) => metadata.namespace === 'kube-system')
  return {
    now: deps.clock.now(),
    vip: (await text('cluster.nodes.control.vip')) ?? endpoint?.host ?? '',
    vipAnswers: answer.state === 'answers',
    stranger: answer.state === 'stranger' ? answer.reason : undefined,
    ...cluster,
    ...machine,
    expected: applied(records).map(({ name }) => name),
    nodes: nodes && readKubernetesNodes(nodes),
    pods: system && readPods(system),
    loadBalancerIp,
    certificates: [...files, ...certificatesOfServices(cluster.issued ?? [])],
    talosctl,
  }
}
