import type { Machine } from './life.ts'

/** A Talos service as it runs at one moment. */
export interface Service {
  id: string
  state: 'Running' | 'Preparing' | 'Waiting'
  running: boolean
  healthy: boolean
  /** Nobody has looked at its health yet. */
  unknown: boolean
  since: number
}

/** The services of a machine: few in maintenance mode, all of them once it is configured. */
export function servicesOf(machine: Machine, now: number): Service[] {
  const { facts, upFrom } = machine
  const always = ['auditd', 'containerd', 'machined', 'syslogd', 'udevd'].map((id) => service(id, upFrom, now))
  if (facts === undefined) return always
  const controlPlane = facts.role === 'controlplane'
  const kubelet = { ...service('kubelet', machine.kubeletFrom, now), healthy: now >= machine.registeredFrom }
  const all = [...always, service('apid', upFrom, now), service('cri', machine.runtimeFrom, now), kubelet]
  if (controlPlane) all.push(service('trustd', upFrom, now), etcdOf(machine, now))
  return all.sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** It is healthy when it answers a question that the members decide together. */
function etcdOf(machine: Machine, now: number): Service {
  const etcd = service('etcd', machine.etcdFrom, now, 'Preparing')
  return { ...etcd, healthy: etcd.running && machine.hasMajority }
}

function service(id: string, from: number, now: number, before: Service['state'] = 'Waiting'): Service {
  const running = now >= from
  return {
    id,
    state: running ? 'Running' : before,
    running,
    healthy: running,
    unknown: !running,
    since: Math.min(from, now),
  }
}

/** Stage and readiness as the machine itself reports them. */
export function machineStatus(machine: Machine, now: number) {
  if (machine.facts === undefined) return { stage: 'maintenance', status: { ready: true, unmetConditions: [] } }
  const waiting = servicesOf(machine, now).filter((one) => !one.running || !one.healthy)
  const reasons = waiting.map((one) => (one.running ? `${one.id} not healthy` : `${one.id} not running`))
  const unmetConditions = [
    ...(machine.timeSynced ? [] : [{ name: 'time', reason: 'time is not synced' }]),
    ...(reasons.length > 0 ? [{ name: 'services', reason: reasons.join(', ') }] : []),
    ...(now >= machine.readyFrom ? [] : [{ name: 'nodeReady', reason: `node "${machine.hostname}" is not ready` }]),
  ]
  const stage = waiting.some((one) => !one.running) ? 'booting' : 'running'
  return { stage, status: { ready: unmetConditions.length === 0, unmetConditions } }
}
